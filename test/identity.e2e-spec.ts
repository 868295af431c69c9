import { Shop } from './support/shop';

describe('who is asking', () => {
  it('is never mixed up between parallel requests, nor between two applications in one process', async () => {
    const [first, second] = [await Shop.open(), await Shop.open()];
    const people = [...(await first.customers(10)), ...(await second.customers(10))];
    const asked = [...people, ...people, ...people];
    const answers = await Promise.all(asked.map(({ api }) => api.get('/auth/me')));
    expect(answers.map(({ body }) => body.id)).toEqual(asked.map(({ id }) => id));
    const strangers = await Promise.all(
      people.slice(10).map(({ accessToken }) => first.api.as(accessToken).get('/auth/me')),
    );
    expect(strangers.map(({ status }) => status)).toEqual(strangers.map(() => 401));
    await first.close();
    await second.close();
  });
});

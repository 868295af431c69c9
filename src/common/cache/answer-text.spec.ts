import { answerText } from './answer-text';

describe('the text of an answer', () => {
  it.each([
    [
      'a page',
      {
        data: [
          { id: 1, name: 'Lämp "1"' },
          { id: 2, gone: undefined },
        ],
        meta: { page: 1, limit: 20 },
      },
    ],
    ['an empty page', { data: [], meta: { limit: 20, nextCursor: null } }],
    ['something else', { id: 1, meta: { colour: 'red' } }],
  ])('is its JSON: %s', (_, body) => {
    expect(answerText(body)).toBe(JSON.stringify(body));
  });

  it('has a row that was written before as it was then', () => {
    const row = { id: 1, toJSON: jest.fn(() => 'once') };
    const pageOf = (limit: number): object => ({ data: [row], meta: { limit } });
    expect(answerText(pageOf(1))).toBe('{"data":["once"],"meta":{"limit":1}}');
    expect(answerText(pageOf(2))).toBe('{"data":["once"],"meta":{"limit":2}}');
    expect(row.toJSON).toHaveBeenCalledTimes(1);
  });
});

import { changedFacts } from './audited-facts';

describe('what the audit log keeps of a change', () => {
  it('is what differs, before and after', () => {
    const before = { name: 'Mug', price: 10, images: [1], note: null, updatedAt: 'then' };
    const after = { name: 'Mug', price: 12, images: [2, 1], note: 'New', updatedAt: 'now' };
    expect(changedFacts(before, after)).toEqual({
      before: { price: 10, images: [1], note: null },
      after: { price: 12, images: [2, 1], note: 'New' },
    });
  });

  it('is everything of what is new or gone, but for what the entry says itself', () => {
    const facts = { id: '1', name: 'Mug', price: 10, createdAt: 'then', updatedAt: 'then' };
    expect(changedFacts(null, facts)).toEqual({ before: null, after: { name: 'Mug', price: 10 } });
    expect(changedFacts(facts, null)).toEqual({ before: { name: 'Mug', price: 10 }, after: null });
  });

  it('is nothing where nothing differs', () => {
    expect(changedFacts({ name: 'Mug', updatedAt: 'then' }, { name: 'Mug', updatedAt: 'now' })).toBeNull();
  });

  it('leaves a fact out where it was not there', () => {
    expect(changedFacts({ stock: 1 }, { stock: 2, reason: 'Found' })).toEqual({
      before: { stock: 1 },
      after: { stock: 2, reason: 'Found' },
    });
  });

  it('tells of personal data that it changed, was given or was taken away, and not what it was', () => {
    const personal = ['email', 'phone', 'username'];
    const before = { email: 'ann@shop.test', phone: null, username: 'ann', roles: ['CUSTOMER'] };
    const after = { email: 'eve@shop.test', phone: '1', username: null, roles: ['ADMIN'] };
    expect(changedFacts(before, after, personal)).toEqual({
      before: { email: '[hidden]', phone: null, username: '[hidden]', roles: ['CUSTOMER'] },
      after: { email: '[hidden]', phone: '[hidden]', username: null, roles: ['ADMIN'] },
    });
  });
});

import { isSecret, newSecret } from '../../common/auth/secrets';
import { nextRefreshSecret } from './refresh-secrets';

const SERVER_SECRET = 'k9Zr2vQmXw7TbN4pLs8HdJf3GyUcEa6R';

describe('a refresh token', () => {
  it('has a next one that is the same each time and cannot be told without the secret of the server', () => {
    const secret = newSecret();
    const next = nextRefreshSecret(secret, SERVER_SECRET);
    expect(nextRefreshSecret(secret, SERVER_SECRET)).toBe(next);
    expect(isSecret(next)).toBe(true);
    expect(next).not.toBe(secret);
    expect(nextRefreshSecret(secret, `${SERVER_SECRET}x`)).not.toBe(next);
    expect(nextRefreshSecret(newSecret(), SERVER_SECRET)).not.toBe(next);
  });
});

/** What e-mails are compared by: NFKC and lower case, so that look-alikes of one address are one account. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}

/** What usernames are compared by. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}

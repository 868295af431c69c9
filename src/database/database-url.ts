/** Injection token of the connection string that is in use: of `DATABASE_URL`, or of the embedded server. */
export const DATABASE_URL = Symbol('DATABASE_URL');

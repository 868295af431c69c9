export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Speaks JSON with the application over real HTTP. Paths are below `/api` unless they begin with `//`. */
export class ApiClient {
  constructor(
    readonly origin: string,
    readonly defaultHeaders: Record<string, string> = {},
  ) {}

  /** The same application, with an access token. */
  as(accessToken: string): ApiClient {
    return this.with({ Authorization: `Bearer ${accessToken}` });
  }

  /** The same application, with these headers on every request. */
  with(headers: Record<string, string>): ApiClient {
    return new ApiClient(this.origin, { ...this.defaultHeaders, ...headers });
  }

  /** Another instance of the application, as the same person. */
  at(origin: string): ApiClient {
    return new ApiClient(origin, this.defaultHeaders);
  }

  get<T = Json>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.request('GET', path, { headers });
  }

  post<T = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.request('POST', path, { body, headers });
  }

  put<T = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.request('PUT', path, { body, headers });
  }

  patch<T = Json>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.request('PATCH', path, { body, headers });
  }

  delete<T = Json>(path: string, headers?: Record<string, string>, body?: unknown): Promise<Answer<T>> {
    return this.request('DELETE', path, { body, headers });
  }

  /** A string or bytes go as they are; anything else goes as JSON. */
  async request<T>(method: string, path: string, { body, headers }: RequestOptions = {}): Promise<Answer<T>> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(this.urlOf(path), {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...this.defaultHeaders,
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: parse<T>(await response.text()) };
  }

  /** The answer with its body unread. */
  open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    return fetch(this.urlOf(path), { headers: { ...this.defaultHeaders, ...headers }, signal });
  }

  private urlOf(path: string): string {
    return path.startsWith('//') ? `${this.origin}${path.slice(1)}` : `${this.origin}/api${path}`;
  }
}

/** An answer whose shape the test states by what it expects. */
// eslint-disable-next-line typescript/no-explicit-any -- a test reads answers as a client without types would
export type Json = any;

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    return text as T;
  }
}

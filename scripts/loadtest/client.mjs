import http from 'node:http';
import https from 'node:https';

const TIMEOUT_MS = 30_000;

/** Speaks JSON with the API over connections that are kept, and has each request recorded. */
export class Client {
  constructor(origin, recorder) {
    this.base = new URL(`${origin}/api`);
    this.recorder = recorder;
    this.module = this.base.protocol === 'https:' ? https : http;
    this.agent = new this.module.Agent({ keepAlive: true, maxSockets: Infinity });
  }

  /**
   * Sends a request and takes in the answer. What goes wrong is recorded, and status 0.
   * @param operation the name that it is counted under
   */
  async send(operation, method, path, { headers = {}, body } = {}) {
    const from = performance.now();
    const answer = await this.exchange(method, path, headers, body).catch((error) => ({
      status: 0,
      body: { code: error.code ?? 'no_answer' },
    }));
    this.recorder.add(operation, performance.now() - from, answer);
    return answer;
  }

  exchange(method, path, headers, body) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const { hostname, port, pathname } = this.base;
    const options = {
      method,
      hostname,
      port,
      path: pathname + path,
      agent: this.agent,
      timeout: TIMEOUT_MS,
      headers: {
        ...headers,
        ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
      },
    };
    return new Promise((resolve, reject) => {
      const request = this.module.request(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (data) => (text += data)).on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, body: parse(text) }));
      });
      request.on('error', reject);
      request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'timeout' })));
      request.end(payload);
    });
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

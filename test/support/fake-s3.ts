import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface StoredObject {
  content: Buffer;
  headers: http.IncomingHttpHeaders;
}

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=fake-key\/\d{8}\/eu-test-1\/s3\/aws4_request, ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$/;

/** Just as much of S3 as a store of files needs: objects of one bucket, for requests that are signed. */
export class FakeS3 {
  readonly objects = new Map<string, StoredObject>();
  /** While true every request fails, as when the service is down. */
  isDown = false;
  /** Fails requests for keys that end so. */
  refuses: string | undefined;
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  static async start(): Promise<FakeS3> {
    const fake = new FakeS3();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** The settings of an application that keeps its files here. */
  get settings(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return {
      S3_BUCKET: 'shop',
      S3_REGION: 'eu-test-1',
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_ACCESS_KEY_ID: 'fake-key',
      S3_SECRET_ACCESS_KEY: 'fake-secret',
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const content = await buffer(request);
    const [, bucket, ...key] = (request.url?.split('?')[0] ?? '').split('/');
    if (this.isDown || (this.refuses && key.at(-1) === this.refuses))
      return refuse(response, 503, 'SlowDown');
    if (!SIGNED.test(request.headers.authorization ?? '')) return refuse(response, 403, 'AccessDenied');
    if (bucket !== 'shop') return refuse(response, 404, 'NoSuchBucket');
    this.serve(key.join('/'), { content, headers: request.headers }, request.method, response);
  }

  private serve(
    key: string,
    given: StoredObject,
    method: string | undefined,
    response: http.ServerResponse,
  ): void {
    const found = this.objects.get(key);
    if (method === 'PUT') {
      this.objects.set(key, given);
      response.end();
    } else if (method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else if (found) {
      response.writeHead(200, { 'Content-Length': found.content.length }).end(found.content);
    } else refuse(response, 404, 'NoSuchKey');
  }
}

function refuse(response: http.ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

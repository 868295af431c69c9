import { PersonalDataExport } from '../src/modules/users/dto/personal-data.response';
import type { Json } from './support/api-client';
import { startTestApp, type TestApp } from './support/app';
import { Shop } from './support/shop';

describe('the documentation', () => {
  let shop: Shop;
  let test: TestApp;

  beforeAll(async () => {
    shop = await Shop.open();
    test = shop.test;
  });

  afterAll(() => shop.close());

  it('is a page that may load scripts of its own', async () => {
    const { status, headers } = await test.api.get('/docs');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('content-security-policy')).toContain(`default-src 'self'`);
  });

  it('names every operation once, with a tag, and the limits of what it takes', async () => {
    const { status, body } = await test.api.get('/docs/openapi.json');
    expect(status).toBe(200);
    const operations = Object.values<Json>(body.paths).flatMap((path) => Object.values<Json>(path));
    expect(operations.length).toBeGreaterThan(40);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations.filter(({ tags }) => tags.length !== 1)).toEqual([]);
    const { parameters } = body.paths['/api/products'].get;
    expect(parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 100 }),
      }),
    );
    expect(body.components.schemas.CreateProductDto).toMatchObject({
      additionalProperties: false,
      properties: { name: { minLength: 1, maxLength: 300 }, categoryId: { format: 'uuid' } },
    });
  });

  it('names every part of what is exported about a person', async () => {
    const customer = await shop.customer();
    const { exportedAt, user, locale, ...parts } = (await customer.api.get('/users/me/export')).body;
    expect({ exportedAt, user, locale }).toEqual({
      exportedAt: expect.any(String),
      user: expect.any(Object),
      locale: expect.any(String),
    });
    const named = Reflect.getMetadata('swagger/apiModelPropertiesArray', PersonalDataExport.prototype);
    expect(named).toEqual(expect.arrayContaining(Object.keys(parts).map((part) => `:${part}`)));
  });

  it('says what every request may meet: a body that none is due to, a query that is not known', async () => {
    const { body } = await test.api.get('/docs/openapi.json');
    expect(body.paths['/api/auth/logout'].post.responses).toMatchObject({ 400: {}, 413: {}, 415: {} });
    expect(body.paths['/api/cart'].delete.responses).toMatchObject({ 400: {}, 413: {}, 415: {} });
    expect(body.paths['/api/cart'].get.responses).not.toHaveProperty('415');
    for (const path of ['/health', '/health/ready', '/metrics']) {
      expect(body.paths[path].get.responses).toMatchObject({ 401: {}, 422: {} });
    }
  });

  it('tells files from JSON', async () => {
    const { body } = await test.api.get('/docs/openapi.json');
    const upload = body.paths['/api/products/import'].post;
    expect(Object.keys(upload.requestBody.content)).toEqual(['text/csv']);
    expect(upload.responses).toMatchObject({ 200: {}, 409: {}, 413: {}, 415: {}, 422: {} });
    expect(upload.responses[400].description).not.toContain('malformed_json');
    const download = body.paths['/api/products/export'].get;
    expect(Object.keys(download.responses[200].content)).toEqual(['text/csv']);
    expect(download.responses).not.toHaveProperty('304');
  });

  it('says which routes need a token', async () => {
    const { body } = await test.api.get('/docs/openapi.json');
    expect(body.paths['/api/products'].post.security).toEqual([{ bearer: [] }]);
    expect(body.paths['/api/products'].get.security).toContainEqual({});
  });

  it('says where the token of a guest cart will do', async () => {
    const { body } = await test.api.get('/docs/openapi.json');
    const { cartToken } = body.components.securitySchemes;
    expect(cartToken).toMatchObject({ type: 'apiKey', in: 'header', name: 'X-Cart-Token' });
    const { security, responses } = body.paths['/api/cart'].get;
    expect(security).toEqual(expect.arrayContaining([{ bearer: [] }, { cartToken: [] }]));
    expect(responses).toHaveProperty('404');
  });

  it('is not there when it is switched off', async () => {
    const silent = await startTestApp({ settings: { API_DOCS: 'false' }, databaseUrl: test.databaseUrl });
    for (const path of ['/docs', '/docs/openapi.json']) {
      expect(await silent.api.get(path)).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
    }
    await silent.close();
  });
});

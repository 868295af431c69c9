import { load } from './shop.mjs';

/**
 * The statements that answer each of the queries of a list of products, with their parameters: the least that any server
 * would have to ask. Recorded in this process, without HTTP and cache, of an application that knows no product yet.
 */
export async function recordStatements(databaseUrl, ask, queries) {
  const { parseEnv } = await load('config/env.js');
  const { createLogger } = await load('common/logging/logger.js');
  const { createApp } = await load('create-app.js');
  const { ProductsService } = await load('modules/products/products.service.js');
  const { KnownProducts } = await load('modules/products/search/known-products.js');
  const { DataSource } = (await import('typeorm')).default;
  const env = parseEnv({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent', JOBS: 'off' });
  const app = await createApp(env, createLogger(env.LOG_LEVEL), databaseUrl);
  try {
    const service = app.get(ProductsService);
    let statements = [];
    app.get(KnownProducts).read = () => Promise.resolve(null);
    app.get(DataSource).logger = {
      logQuery: (sql, parameters) => statements.push({ sql, parameters: parameters ?? [] }),
    };
    const requests = [];
    for (const query of queries) {
      statements = [];
      await ask(service, query);
      // What is asked about other statements, such as how many rows are expected, or which rows a page has, is no answer.
      requests.push(
        statements.filter(({ sql }) => /^\s*(SELECT|WITH)/i.test(sql) && !/"rowVersion"/.test(sql)),
      );
    }
    return requests;
  } finally {
    await app.close();
  }
}

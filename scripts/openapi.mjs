/*
 * Checks the OpenAPI document that the code gives: lints it, makes types from it, and compiles a client that uses them.
 * Needs no database and opens no port.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { CommandError, ensureBuilt, ensureInstalled, inRoot, main, run } from './ensure.mjs';

const folder = inRoot('dist/openapi');
const documentFile = inRoot('dist/openapi/openapi.json');
const typesFile = inRoot('dist/openapi/schema.d.ts');

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await writeDocument();
  const lint = ['lint', documentFile, '--config', 'redocly.yaml', '--format', 'stylish'];
  await tool('@redocly/cli/bin/cli.js', lint, 'The OpenAPI document breaks the rules of redocly.yaml');
  const types = [documentFile, '--output', typesFile];
  await tool('openapi-typescript/bin/cli.js', types, 'No types can be made from the OpenAPI document');
  const compile = ['--project', 'scripts/openapi'];
  await tool('typescript/bin/tsc', compile, 'The client does not compile against the OpenAPI document');
  process.stdout.write('The OpenAPI document is sound, and a client made from it compiles.\n');
  process.exit(0);
});

async function writeDocument() {
  const require = createRequire(import.meta.url);
  const { openApiDocument } = require(inRoot('dist/src/openapi-document.js'));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(documentFile, JSON.stringify(await openApiDocument(), null, 2));
}

async function tool(script, args, complaint) {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { code, output } = await run(process.execPath, [inRoot('node_modules', script), ...args], { env });
  if (code === 0) return;
  process.stdout.write(output);
  throw new CommandError(`${complaint}: see above.`);
}

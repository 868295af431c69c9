/* Preloaded into a program: when it ends, a line in its log says which packages of OpenTelemetry it had loaded. */
const fs = require('node:fs');

process.on('exit', () => {
  const names = Object.keys(require.cache).map(
    (file) => /node_modules\/(@opentelemetry\/[^/]+)/.exec(file)?.[1],
  );
  const packages = [...new Set(names.filter(Boolean))];
  fs.writeSync(1, `${JSON.stringify({ event: 'loaded', packages })}\n`);
});

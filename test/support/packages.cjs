/*
 * What stands for a package's file in the tests: the module that Node.js loads from there, shared by all test files.
 * Where Node.js is what asks (Jest starts a run and its test runner so), it gets the file as it is.
 */
const { createHash } = require('node:crypto');

function process(_, file) {
  const name = JSON.stringify(file);
  const asItIs = `module._compile(require('node:fs').readFileSync(${name}, 'utf8'), ${name})`;
  return { code: `if (module._compile) ${asItIs}; else module.exports = requirePackage(${name});` };
}

const getCacheKey = (_, file) => createHash('sha256').update(process(_, file).code).digest('hex');

module.exports = { process, getCacheKey };

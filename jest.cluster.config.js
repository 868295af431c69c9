const base = require('./jest.config.js');

/** The tests of a whole cluster start what they need themselves, and take a minute or two. */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/cluster/**/*.cluster-spec.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
  globalSetup: undefined,
  globalTeardown: undefined,
};

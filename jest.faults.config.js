const base = require('./jest.config.js');

/** The fault tests kill and cut off what runs: one after the other, each against processes of its own. */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/faults/**/*.fault-spec.ts'],
  testTimeout: 900_000,
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/faults/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/faults/support/global-teardown.ts',
};

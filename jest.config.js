const { availableParallelism } = require('node:os');

const toCommonJs = { module: { type: 'commonjs' }, sourceMaps: 'inline' };

module.exports = {
  testEnvironment: '<rootDir>/test/support/one-realm-environment.cjs',
  testMatch: [
    '<rootDir>/src/**/*.spec.ts',
    '<rootDir>/seeds/**/*.spec.ts',
    '<rootDir>/test/**/*.e2e-spec.ts',
  ],
  // A machine that is busy takes three times as long as one that is not.
  testTimeout: 60_000,
  // Tests wait as well: for answers, for a second try, for a program to start. Jest knows no share beyond all of them.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // A new process has all packages to load, so it starts only when one has grown beyond what a file may need.
  workerIdleMemoryLimit: '1500MB',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        ...toCommonJs,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2022',
          keepClassNames: true,
        },
      },
    ],
    'node_modules/.+\\.[cm]?js$': '<rootDir>/test/support/packages.cjs',
  },
  transformIgnorePatterns: [],
  // What is imported when it is needed goes by the name that it has once it is built.
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' },
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary', 'lcov'],
  coverageThreshold: { global: { lines: 85 } },
};

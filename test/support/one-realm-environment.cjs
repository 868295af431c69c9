/*
 * Jest gives each test file a realm (a set of globals) of its own, for which every package would have to be
 * loaded anew: two seconds a file here. These tests run in the process's own realm instead, where Node.js itself loads
 * the packages, once for all files of a process (see packages.cjs). Our own code is still loaded anew for each file.
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const ownRealms = new WeakSet();
const { compileFunction } = vm;

// Jest compiles every module by this function, and has no setting for the realm.
vm.compileFunction = (code, parameters, options) => {
  const isOurs = options?.parsingContext && ownRealms.has(options.parsingContext);
  return compileFunction(code, parameters, isOurs ? { ...options, parsingContext: undefined } : options);
};

globalThis.requirePackage = require;

module.exports = class OneRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    ownRealms.add(this.context);
    this.global = globalThis;
    const { constructor: FakeTimers } = this.fakeTimersModern;
    this.fakeTimersModern = new FakeTimers({ config: config.projectConfig, global: globalThis });
  }
};

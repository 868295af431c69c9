/*
 * Jest gives each test file a realm (a set of globals) of its own, for which every package would have to be
 * loaded anew: two seconds a file here. These tests run in the process's own realm instead, where Node.js itself loads
 * the packages, once for all files of a process (see packages.cjs). Our own code still runs anew for each file; it is
 * compiled once.
 */
const asyncHooks = require('node:async_hooks');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const ownRealms = new WeakSet();
const { compileFunction } = vm;

/** By file: what it was when it was compiled, and the function that is its module's body. */
const compiled = new Map();

// Jest compiles every module by this function, and has no setting for the realm.
vm.compileFunction = (code, parameters, options) => {
  if (!ownRealms.has(options?.parsingContext)) return compileFunction(code, parameters, options);
  const known = compiled.get(options.filename);
  if (known?.code === code) return known.body;
  // Not what else Jest gives: it would hold the first file of tests that loads the module.
  const body = compileFunction(code, parameters, { filename: options.filename });
  compiled.set(options.filename, { code, body });
  return body;
};

globalThis.requirePackage = require;

const stores = new Set();

/** What is kept in one is copied at every promise from its first use on, unless it is told that it is over. */
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...args) {
    super(...args);
    stores.add(this);
  }
};

function forgetStores() {
  for (const store of stores) store.disable();
  stores.clear();
}

/** What packages keep of decorated classes: it would hold the files before, and be searched for each one after. */
function forgetDecoratedClasses() {
  const stores = [
    () => require('typeorm').getMetadataArgsStorage(),
    () => require('class-validator').getMetadataStorage(),
    () => require('class-transformer/cjs/storage').defaultMetadataStorage,
  ];
  for (const store of stores)
    for (const kept of Object.values(store())) {
      if (Array.isArray(kept)) kept.length = 0;
      else if (kept instanceof Map) kept.clear();
    }
}

/** Jest's test runner keeps its state and handlers, and by them all that a file made, under symbols of the global. */
function forgetTestRunner() {
  const handlers = Symbol.for('EVENT_HANDLERS');
  for (const symbol of Object.getOwnPropertySymbols(globalThis))
    if (symbol === handlers || symbol.description === 'JEST_STATE_SYMBOL')
      Reflect.deleteProperty(globalThis, symbol);
}

module.exports = class OneRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    ownRealms.add(this.context);
    this.exit = Object.getOwnPropertyDescriptor(process, 'exit');
    this.console = globalThis.console;
    this.global = globalThis;
    const { constructor: FakeTimers } = this.fakeTimersModern;
    this.fakeTimersModern = new FakeTimers({ config: config.projectConfig, global: globalThis });
  }

  async teardown() {
    await super.teardown();
    Object.defineProperty(process, 'exit', this.exit);
    globalThis.console = this.console;
    forgetStores();
    forgetDecoratedClasses();
    forgetTestRunner();
  }
};

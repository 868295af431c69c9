const fs = require('node:fs');

/** Which feature modules a feature module may use. One that is not listed may use none. */
const MAY_USE = {
  auth: ['users', 'cart'],
  products: ['categories'],
  cart: ['products', 'coupons'],
  orders: ['cart', 'products', 'coupons'],
};

const modules = fs.readdirSync(`${__dirname}/src/modules`);
const TESTS = '\\.(e2e-)?spec\\.ts$';

const moduleArrows = modules.map((name) => ({
  name: `module-${name}`,
  comment: `${name} may use these modules only: ${(MAY_USE[name] ?? []).join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^src/modules/${name}/`, pathNot: TESTS },
  to: { path: '^src/modules/', pathNot: `^src/modules/(${[name, ...(MAY_USE[name] ?? [])].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...moduleArrows,
    {
      name: 'module-surface',
      comment: 'Of another module, only its services and its module are there to be imported.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/', pathNot: TESTS },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '\\.(service|module)\\.ts$'] },
    },
    {
      name: 'floor-knows-no-module',
      comment: 'common, config and database carry the modules; only the data source lists their entities.',
      severity: 'error',
      from: {
        path: '^src/(common|config|database)/',
        pathNot: ['^src/database/data-source[^/]*\\.ts$', TESTS],
      },
      to: { path: '^src/(modules|commands)/|^src/[^/]+\\.ts$' },
    },
    {
      name: 'modules-know-no-program',
      comment: 'A module does not know which program runs it: the server, a command or the seed.',
      severity: 'error',
      from: { path: '^src/(modules|common|config)/', pathNot: TESTS },
      to: { path: '^src/commands/|^src/[^/]+\\.ts$|^(seeds|migrations|test)/' },
    },
    {
      name: 'no-tests-in-programs',
      comment: 'What runs in production does not import tests.',
      severity: 'error',
      from: { path: '^(src|seeds|migrations)/', pathNot: TESTS },
      to: { path: `^test/|${TESTS}` },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'A migration that has landed never changes, so it uses nothing that may.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^(src|seeds|test)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Type-only imports are gone at run time and may close a circle.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that imports nothing and that nothing imports is left over.',
      severity: 'error',
      from: { orphan: true, pathNot: [TESTS, '^migrations/', '^test/support/global-'] },
      to: {},
    },
    {
      name: 'no-development-packages',
      comment: 'Production is installed without development packages.',
      severity: 'error',
      from: { path: '^(src|seeds|migrations)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

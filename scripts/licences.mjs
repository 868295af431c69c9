/*
 * Lists the packages that production installs, with their licences, in THIRD-PARTY-LICENCES.md, and fails on a licence
 * that is not allowed. `--check` writes nothing and fails when the list is not current. What is installed is read from
 * package-lock.json, for every platform, so that the list is the same on every machine; it needs no network.
 */
import { CommandError, main } from './ensure.mjs';
import { writeOrCheck } from './generated.mjs';
import { productionPackages } from './production-packages.mjs';

/** They let us use, change and give away the package, and ask for no more than their notice. */
const permissive = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
];

/** Allowed for these packages alone, with the reason. */
const exceptions = [
  {
    packages: /^@img\/sharp-/,
    licences: ['LGPL-3.0-or-later'],
    reason:
      'libvips is a shared library beside sharp, unchanged, which anyone may replace with a build of their own',
  },
];

/** Packages whose package.json says it in a form that npm does not read. */
const readByHand = {
  busboy: { licence: 'MIT', where: 'LICENSE' },
  nub: { licence: 'MIT', where: 'package.json ("MIT/X11")' },
  'passport-strategy': { licence: 'MIT', where: 'LICENSE' },
  pause: { licence: 'MIT', where: 'Readme.md' },
  streamsearch: { licence: 'MIT', where: 'LICENSE' },
};

const command = 'npm run licences';

await main(async () => {
  const packages = await listPackages();
  const refused = packages.filter((entry) => !isAllowed(entry));
  if (refused.length > 0)
    throw new CommandError(`Not allowed by scripts/licences.mjs: ${refused.map(describe).join(', ')}.`);
  writeOrCheck('THIRD-PARTY-LICENCES.md', listing(packages), command);
  process.stdout.write(`${packages.length} packages, all under licences that are allowed.\n`);
});

async function listPackages() {
  const { components } = await productionPackages();
  return components
    .map(({ name, version, licenses = [] }) => ({
      name,
      version,
      licence: licenses.map(licenceOf).join(' OR ') || readByHand[name]?.licence || 'none',
    }))
    .sort((a, b) => (a.name === b.name ? compare(a.version, b.version) : compare(a.name, b.name)));
}

function licenceOf({ license, expression }) {
  return expression ?? license.id ?? license.name;
}

function compare(a, b) {
  return a < b ? -1 : 1;
}

/** `A AND B` needs both; of `A OR B` we may choose. */
function isAllowed({ name, licence }) {
  const special = exceptions
    .filter(({ packages }) => packages.test(name))
    .flatMap(({ licences }) => licences);
  const allowed = new Set([...permissive, ...special]);
  const choices = licence.replace(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())));
}

function describe({ name, version, licence }) {
  return `${name} ${version} (${licence})`;
}

function listing(packages) {
  const licences = [...new Set(packages.map(({ licence }) => licence))].sort(compare);
  const sections = licences.map((licence) => `## ${licence}\n\n${namesUnder(licence, packages)}`);
  const notes = exceptions.map(({ licences, reason }) => `- ${licences.join(', ')}: ${reason}.`);
  const byHand = Object.entries(readByHand).map(
    ([name, { licence, where }]) => `- ${name}: ${licence}, by its ${where}.`,
  );
  return `# Third-party licences

What \`npm ci --omit=dev\` installs, on any platform. Each package carries the text of its licence in its folder
under \`node_modules\`. Written by \`${command}\` from package-lock.json; do not edit.

More than permissive, and why it is allowed:

${notes.join('\n')}

Read by hand, because package.json does not say it in the usual form:

${byHand.join('\n')}

${sections.join('\n\n')}
`;
}

function namesUnder(licence, packages) {
  return packages
    .filter((entry) => entry.licence === licence)
    .map(({ name, version }) => `- ${name} ${version}`)
    .join('\n');
}

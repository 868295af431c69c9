/* Writes the bill of materials of production into artefacts/, for CI to keep beside what it built. */
import fs from 'node:fs';
import { inRoot, main } from './ensure.mjs';
import { productionPackages } from './production-packages.mjs';

await main(async () => {
  const bill = await productionPackages();
  fs.mkdirSync(inRoot('artefacts'), { recursive: true });
  fs.writeFileSync(inRoot('artefacts/sbom.cdx.json'), JSON.stringify(bill, null, 2));
  process.stdout.write(`artefacts/sbom.cdx.json has ${bill.components.length} packages.\n`);
});

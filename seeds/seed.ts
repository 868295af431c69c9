import { type CommandContext, runCommand } from '../src/commands/run-command';
import { withMigratedDatabase } from '../src/commands/with-migrated-database';
import { StartupError } from '../src/config/startup-error';
import { seedDatabase } from './seed-database';
import { seedLargeCatalogue } from './seed-large-catalogue';

const MAX_SCALE = 5_000_000;

runCommand(async ({ env, databaseUrl, args, print }: CommandContext) => {
  const scale = parseScale(args);
  if (scale !== null && env.NODE_ENV === 'production') {
    throw new StartupError('--scale makes sample products: it is not for production.');
  }
  await withMigratedDatabase(env, databaseUrl, async (dataSource) => {
    await seedDatabase(dataSource, { env, print });
    if (scale === null) return;
    const made = await seedLargeCatalogue(dataSource, { size: scale, currency: env.STORE_CURRENCY, print });
    print(`Generated ${made} products.`);
  });
});

/** The number behind `--scale`, or null. */
function parseScale(args: readonly string[]): number | null {
  if (args.length === 0) return null;
  const [, size] = /^--scale[= ](\d{1,7})$/.exec(args.join(' ')) ?? [];
  const scale = Number(size);
  if (scale >= 1 && scale <= MAX_SCALE) return scale;
  throw new StartupError(`Say npm run seed, or npm run seed -- --scale N with N from 1 to ${MAX_SCALE}.`);
}

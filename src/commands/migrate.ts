import path from 'node:path';
import { StartupError } from '../config/startup-error';
import { generateMigration } from '../database/generate-migration';
import { checkMigrations } from '../database/check-migrations';
import { grantPrivileges, listMigrations, migrate, revertLast } from '../database/migrate';
import { type CommandContext, runCommand } from './run-command';

const ACTIONS: Record<string, (context: CommandContext) => Promise<void>> = {
  async run({ env, databaseUrl, print }) {
    const names = await migrate(databaseUrl);
    print(names.length === 0 ? 'The database is up to date.' : `Applied ${names.join(', ')}.`);
    if (env.DATABASE_API_ROLE === undefined) return;
    await grantPrivileges(databaseUrl, env.DATABASE_API_ROLE);
    print(`Granted ${env.DATABASE_API_ROLE} what the API needs.`);
  },

  async revert({ databaseUrl, print }) {
    print(
      (await revertLast(databaseUrl))
        ? 'Took the newest migration back.'
        : 'There is no migration to take back.',
    );
  },

  async show({ databaseUrl, print }) {
    for (const { name, isApplied } of await listMigrations(databaseUrl))
      print(`[${isApplied ? 'X' : ' '}] ${name}`);
  },

  async generate({ databaseUrl, args, print }) {
    const name = args[1];
    if (!name || !/^[A-Z]\w+$/.test(name))
      throw new StartupError('Name the migration: npm run migration:generate -- AddSomething');
    const file = await generateMigration(databaseUrl, name);
    print(
      file
        ? `Wrote ${path.relative('.', file)}. Check it, and list it in data-source-options.ts.`
        : 'Nothing differs.',
    );
  },

  async check({ databaseUrl, print }) {
    print(await checkMigrations(databaseUrl));
  },
};

runCommand((context) => {
  const action = ACTIONS[context.args[0] ?? ''];
  if (!action) throw new StartupError(`Say what to do: ${Object.keys(ACTIONS).join(', ')}.`);
  return action(context);
});

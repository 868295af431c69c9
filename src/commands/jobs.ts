import type { DataSource } from 'typeorm';
import { StartupError } from '../config/startup-error';
import { withDataSource } from '../database/data-source';
import { countPendingMigrations } from '../database/migrate';
import {
  isJobId,
  listWork,
  type Outcome,
  type QueuedWork,
  removeWork,
  retryGivenUp,
  retryWork,
} from '../database/stuck-work';
import { runCommand } from './run-command';

const USAGE = 'Say what to do: npm run jobs -- list [--failed] | retry ID | retry all | remove ID';

/** The job or event is not there, or a worker has it in hand. */
const EXIT_NOT_DONE = 1;
const EXIT_CANNOT = 2;

const MAX_LISTED = 200;
const MAX_ERROR_LENGTH = 100;

type Print = (line: string) => void;
type Action = (dataSource: DataSource, print: Print) => Promise<void>;

/** What can be done with one job or event, and how that is told. */
const CHANGES: Partial<Record<string, { make: typeof retryWork; done: string }>> = {
  retry: { make: retryWork, done: 'is done now, by the next worker that is free' },
  remove: { make: removeWork, done: 'is removed' },
};

runCommand(async ({ databaseUrl, args, print }) => {
  const act = parseArguments(args);
  await withDataSource(databaseUrl, async (dataSource) => {
    const pending = await countPendingMigrations(dataSource);
    if (pending > 0)
      throw new StartupError(`The database lacks ${pending} migration(s): it has no jobs yet.`);
    await act(dataSource, print);
  });
}, EXIT_CANNOT);

/** What is said in full, without an ID. */
const ACTIONS: Partial<Record<string, Action>> = {
  list: (dataSource, print) => list(dataSource, false, print),
  'list --failed': (dataSource, print) => list(dataSource, true, print),
  'retry all': retryAll,
};

/** @throws StartupError that says how the command is used */
function parseArguments(args: readonly string[]): Action {
  const action = ACTIONS[args.join(' ')];
  if (action) return action;
  const [verb = '', id, ...more] = args;
  const change = CHANGES[verb];
  if (!change || id === undefined || more.length > 0) throw new StartupError(USAGE);
  if (!isJobId(id) && !isEventId(id)) throw new StartupError(`${id} is no ID of a job or an event. ${USAGE}`);
  return async (dataSource, print) => report(await change.make(dataSource, id), id, change.done, print);
}

function isEventId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

async function list(dataSource: DataSource, givenUpOnly: boolean, print: Print): Promise<void> {
  const { rows, total } = await listWork(dataSource, { givenUpOnly, limit: MAX_LISTED });
  if (total === 0) return print(givenUpOnly ? 'Nothing was given up.' : 'Nothing waits.');
  printTable(rows, print);
  print('');
  if (total > rows.length) print(`… and ${total - rows.length} more.`);
  const givenUp = rows.filter(({ state }) => state === 'given up').length;
  if (givenUp > 0)
    print('What is given up is not tried again by itself: npm run jobs -- retry ID, or retry all.');
}

function printTable(rows: readonly QueuedWork[], print: Print): void {
  const lines = [
    ['ID', 'WHAT', 'STATE', 'TRIES', 'DUE', 'LAST ERROR'],
    ...rows.map(({ id, kind, name, state, tries, dueAt, lastError }) => [
      id,
      `${kind} ${name}`,
      state,
      String(tries),
      state === 'given up' ? '' : `${dueAt.toISOString().slice(0, 19)}Z`,
      oneLine(lastError ?? ''),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines)
    print(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_ERROR_LENGTH ? `${line.slice(0, MAX_ERROR_LENGTH)}…` : line;
}

async function retryAll(dataSource: DataSource, print: Print): Promise<void> {
  const count = await retryGivenUp(dataSource);
  print(
    count === 0 ? 'Nothing was given up.' : `${count} will be done now, by the next worker that is free.`,
  );
}

function report(outcome: Outcome, id: string, done: string, print: Print): void {
  const name = isJobId(id) ? `Job ${id}` : `Event ${id}`;
  if (outcome === 'done') return print(`${name} ${done}.`);
  process.exitCode = EXIT_NOT_DONE;
  print(outcome === 'runs' ? `${name} is being done right now: left alone.` : `${name} does not wait.`);
}

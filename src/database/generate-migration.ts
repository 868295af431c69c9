import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { withDataSource } from './data-source';

/** Writes a migration that brings the database to what the entities say. Returns its file, or null when nothing differs. */
export function generateMigration(url: string, name: string): Promise<string | null> {
  return withDataSource(url, async (dataSource) => {
    const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
    if (upQueries.length === 0) return null;
    const className = `${name}${Date.now()}`;
    const file = path.resolve('migrations', `${className.replace(name, '')}-${name}.ts`);
    writeFileSync(file, sourceOf(className, upQueries, downQueries.toReversed()));
    return file;
  });
}

function sourceOf(
  className: string,
  up: readonly { query: string }[],
  down: readonly { query: string }[],
): string {
  const statements = (queries: readonly { query: string }[]): string =>
    queries.map(({ query }) => `    await queryRunner.query(\`${query}\`);`).join('\n');
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  readonly name = '${className}';

  async up(queryRunner: QueryRunner): Promise<void> {
${statements(up)}
  }

  async down(queryRunner: QueryRunner): Promise<void> {
${statements(down)}
  }
}
`;
}

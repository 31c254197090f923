import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { writeBundle } from '../archive-verification/bundle/write-bundle.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic } from '../domain/ids.ts';
import { withArchive } from './archive-source.ts';

/** `operator archive export`: a tenant's part of the archive, which it can verify without the rest. */
export const archiveExportCommand = (): Command =>
  new Command('export')
    .description("write a tenant's part of the archive into a folder, with what proves it and nothing of other tenants")
    .requiredOption('--tenant <id>', 'the tenant, tn_…')
    .requiredOption('--to <folder>', 'where the files are written; those that are there already stay')
    .option('--from <place>', 'where the archive is: `store` for STORAGE_URL, or a folder with a copy', 'store')
    .action(async (options: Options) => await exportBundle(options));

type Options = { tenant: string; to: string; from: string };

async function exportBundle({ tenant, to, from }: Options): Promise<void> {
  if (fromPublic('tenant', tenant) === null) throw new ExplainedError(`${tenant} is not the id of a tenant.`);
  const written = await withArchive(from, async (source) => {
    mkdirSync(to, { recursive: true });
    return await writeBundle({ source, tenant }, async (name, bytes) => {
      const path = join(to, name);
      // Nothing of an archive changes, so what is there is the same.
      if (!existsSync(path)) writeFileSync(path, bytes, { flag: 'wx' });
    });
  });
  const { segments, slices, records } = written;
  if (segments === 0) throw new ExplainedError(`There is no archive in ${from}: no segment has a checkpoint.`);
  process.stdout.write(
    `${segments} segments, ${slices} of them with ${records} records of ${tenant}. To verify them:\n` +
      `operator verify --archive ${to} --tenant ${tenant} --key <verifier key>\n`,
  );
}

import { Command } from 'commander';
import { ExplainedError } from '../config/explain-error.ts';
import { download } from './archive-download.ts';
import { beginEpoch } from './archive-epoch.ts';
import { archiveExportCommand } from './archive-export.ts';
import { makeKey, printKeys } from './archive-key.ts';
import { printArchiveStatus } from './archive-status.ts';

/** `operator archive …` */
export function archiveCommand(): Command {
  const command = new Command('archive').description(
    'the archive: what was committed, in segments that nobody can change afterwards',
  );
  command
    .command('make-key')
    .description('make a private key that signs the archive, and print the verifier key that belongs to it')
    .requiredOption('--out <file>', 'a new file, which only its owner may read')
    .option('--keep', 'where that file is there already: leave it as it is, and print its verifier key')
    .action(({ out, keep = false }: { out: string; keep?: boolean }) => makeKey(out, { keep }));
  command
    .command('keys')
    .description('print the verifier keys of ARCHIVE_KEY_PATH and ARCHIVE_KMS_KEY, which auditors pin')
    .action(printKeys);
  command
    .command('status')
    .description('print the last segment, what waits for the next one, the last copy, and what tenants were told')
    .action(printArchiveStatus);
  command
    .command('download')
    .description(
      'copy all objects of the archive from the store into a folder, for `verify --archive`; goes on where it ended',
    )
    .requiredOption('--to <folder>', 'the folder, in which each object is a file of its name')
    .option('--from <n>', 'begin with this segment', '1')
    .action(async ({ to, from }: { to: string; from: string }) => {
      if (!/^[1-9]\d{0,7}$/.test(from)) throw new ExplainedError('--from must be the number of a segment.');
      process.exitCode = (await download(to, Number(from))) ? 0 : 1;
    });
  command
    .command('new-epoch')
    .description(
      'begin another epoch, after the database was restored to an earlier time: docs/runbooks/archive-stands-still.md',
    )
    .requiredOption('--reason <why>', 'why, which stands in the audit and in the ledger')
    .action(({ reason }: { reason: string }) => beginEpoch(reason));
  command.addCommand(archiveExportCommand());
  return command;
}

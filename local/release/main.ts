import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { explainStartFault, StartFault } from '../start-fault.ts';
import { sectionOf } from './changelog.ts';
import { gitIn } from './git.ts';
import { makeRelease } from './make.ts';

/**
 * `npm run release -- --version 1.2.0 [--dry-run]` makes the commit and the tag of a release; `npm run release -- notes 1.2.0` prints its section
 * of the changelog. Nothing is pushed: that is the next line that it prints (docs/how-to/release.md).
 */
const tree = join(import.meta.dirname, '../..');
const program = new Command('release')
  .description('makes a release: one commit and its tag')
  .option('--version <x.y.z>', 'the version, greater than the newest one')
  .option('--dry-run', 'say what would be done, and change nothing')
  .action(async ({ version, dryRun }: { version?: string; dryRun?: true }) => {
    if (version === undefined) throw new StartFault('Which version? npm run release -- --version 1.2.0');
    const today = new Date().toISOString().slice(0, 10);
    await makeRelease({ tree, version, day: today, isDry: dryRun === true, print }, gitIn(tree));
  });
program
  .command('notes <version>')
  .description('print what the changelog says of a version')
  .action((version: string) => {
    const section = sectionOf(readFileSync(join(tree, 'CHANGELOG.md'), 'utf8'), version);
    if (section === null) throw new StartFault(`CHANGELOG.md has no section of ${version}.`);
    print(section);
  });

try {
  await program.parseAsync();
} catch (error) {
  const sentence = explainStartFault(error);
  if (!sentence) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

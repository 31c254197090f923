import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileOf, flipped, without } from '../../support/fixtures/archive-files.ts';
import { aSigner } from '../../support/fixtures/made-archive.ts';
import { root } from '../../support/tree.ts';
import { makeSample, writeInto } from './sample.ts';

/**
 * Lets a program that knows nothing of ours judge an archive, and a tenant's part of it: main.go beside it. What is sound has to be so for it, and what
 * was changed not. Prints what is wrong; ends with 1 when anything is.
 */
const run = promisify(execFile);
const withinMs = 120_000;
const folder = join(root, '.test/oracles/archive');
const { whole, part, key } = await makeSample();

const trials: [name: string, files: typeof whole, key: string, isSound: boolean][] = [
  ['the archive', whole, key, true],
  ["a tenant's part", part, key, true],
  ['another key', whole, aSigner().verifierKey, false],
  ['a bit of a manifest', flipped(whole, { name: fileOf(30, 'json'), bit: 900 }), key, false],
  ['a bit of a checkpoint', flipped(whole, { name: fileOf(30, 'note'), bit: 900 }), key, false],
  ['a bit of slices', flipped(whole, { name: fileOf(30, 'slices'), bit: 900 }), key, false],
  ['a bit of records', flipped(whole, { name: fileOf(30, 'jsonl.gz'), bit: 900 }), key, false],
  ['a bit of a proof', flipped(part, { name: fileOf(30, 'slice'), bit: 900 }), key, false],
  ['a segment less', without(whole, 30), key, false],
];

let wrong = 0;
for (const [name, files, own, isSound] of trials) {
  const at = writeInto(join(folder, 'trial'), files);
  const found = await judged(at, own);
  const isRight = (found === null) === isSound;
  if (!isRight) console.error(`${name}: ${found ?? 'nothing was found'}`);
  wrong += isRight ? 0 : 1;
}
console.log(`${trials.length} archives, ${wrong} judged wrongly`);
process.exitCode = wrong > 0 ? 1 : 0;

/** What the program finds wrong, or null. */
async function judged(at: string, own: string): Promise<string | null> {
  try {
    const { stdout } = await run('go', ['run', '-C', import.meta.dirname, '.', at, own], { timeout: withinMs });
    return /^60 manifests and \d+ records, root [0-9a-f]{64}\n$/.test(stdout) ? null : `it printed ${stdout}`;
  } catch (error) {
    return String(error instanceof Error && 'stderr' in error ? error.stderr : error);
  }
}

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileOf, flipped, without } from '../../support/fixtures/archive-files.ts';
import { aSigner } from '../../support/fixtures/made-archive.ts';
import { rewritten } from '../../support/fixtures/rewritten-archive.ts';
import { read, root } from '../../support/tree.ts';
import { findTool, type Tool } from '../statements/tools.ts';
import { makeSample, noticeOf, pdfOf, type Sample, writeInto } from './sample.ts';

/**
 * Runs every command of docs/auditors-guide.md, one after the other in one shell, as a reader pastes them, on an archive and a statement that are
 * sound: behind each block the page says what it prints. Then on an archive to which something was done: what printed nothing has to print
 * something. Prints what is otherwise; ends with 1 when anything is.
 */
const run = promisify(execFile);
const withinMs = 240_000;
const page = 'docs/auditors-guide.md';
const blockForm = /^```sh\n([\s\S]*?)^```\n(?:\n<!-- shows (.*?) ?-->)?/gm;
const mark = '#block';

const blocks = [...read(page).matchAll(blockForm)].map(([, script = '', shows]) => ({ script, shows }));
const folder = mkdtempSync(join(tmpdir(), 'quittance-guide-'));
const found = await programs(['qpdf', 'pdfdetach']);
let wrong = 0;
try {
  const sample = await makeSample();
  const sound = await printed(sample, 'set -euo pipefail');
  for (const [i, { script, shows }] of blocks.entries())
    if (shows === undefined || !new RegExp(`^\\s*(?:${shows})\\s*$`).test(sound[i] ?? ''))
      complain(`${script}\nprints\n${sound[i]}\nand the page says\n${shows}`);
  const broken = await printed({ ...sample, whole: await tampered(sample) }, 'exec 2>&1');
  for (const [i, { script, shows }] of blocks.entries())
    if (shows === '' && broken[i]?.trim() === '') complain(`${script}\nfinds nothing where something was changed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${blocks.length} blocks of ${page}, ${wrong} wrong`);
process.exitCode = wrong > 0 || blocks.length < 15 ? 1 : 0;

function complain(fault: string): void {
  wrong += 1;
  console.error(`${fault}\n`);
}

/** A debit without its credit under signatures that agree, a bit of records, and a segment less. */
async function tampered({ whole }: Sample): Promise<Sample['whole']> {
  const rows = (all: string[]) => all.map((row) => row.replace('"amount":"2500"', '"amount":"2501"'));
  const forged = await rewritten(whole, { signers: [aSigner()], rows });
  return without(flipped(forged, { name: fileOf(22, 'jsonl.gz'), bit: 900 }), 31);
}

/** What each block prints. `settings`: of the shell. */
async function printed({ whole, part, key, tenant, statement }: Sample, settings: string): Promise<string[]> {
  writeFileSync(join(folder, 'statement.pdf'), await pdfOf(statement));
  writeFileSync(join(folder, 'notice.json'), noticeOf(whole));
  const env = {
    ...{ ...process.env, ...found },
    ...{ STATEMENT: join(folder, 'statement.pdf'), DOCUMENT_SHA256: statement.sha256 },
    ...{ ARCHIVE: writeInto(join(folder, 'archive'), whole), KEY: key, NOTICE: join(folder, 'notice.json') },
    ...{ PART: writeInto(join(folder, 'part'), part), TENANT: tenant, QUITTANCE: root },
  };
  const script = [settings, ...blocks.map((block) => `${block.script}\necho '${mark}'`)].join('\n');
  const { stdout } = await run('bash', ['--norc', '-c', script], { cwd: folder, env, timeout: withinMs });
  return stdout.split(`${mark}\n`);
}

/** The environment in which these are found: each may have folders of libraries. */
async function programs(tools: readonly Tool[]): Promise<Record<string, string>> {
  const all = (await Promise.all(tools.map((tool) => findTool(tool)))).filter((program) => program !== null);
  const settings = all.flatMap(({ path, env }) => [...Object.entries(env), ['PATH', dirname(path)] as const]);
  const named = Map.groupBy([...settings, ['PATH', process.env['PATH'] ?? ''] as const], ([name]) => name);
  return Object.fromEntries([...named].map(([name, own]) => [name, own.map(([, value]) => value).join(delimiter)]));
}

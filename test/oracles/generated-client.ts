import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toPublic } from '../../domain/ids.ts';
import type { Accounts } from '../support/fixtures/accounts.ts';
import type { Api } from '../support/harness/api.ts';
import { programsOf } from '../support/page-examples.ts';
import { read, root } from '../support/tree.ts';

const run = promisify(execFile);
const withinMs = 120_000;

/** The page whose commands and programs are run as they stand there. */
const page = 'docs/how-to/generate-a-client.md';

type Trial = {
  language: 'ts' | 'python';
  /** The name that the page gives its program. */
  file: string;
  env: NodeJS.ProcessEnv;
  api: Api;
  accounts: Accounts;
  /** Makes what the commands need in the folder. */
  prepare?: (folder: string) => void;
};

/** Generates, compiles and runs a client in a folder of its own, as the page says. Returns what its program prints, and what it should. */
export async function runGeneratedClient({ language, file, env, api, accounts, prepare }: Trial) {
  const folder = join(root, '.test/oracles', language);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'api/openapi.json'), join(folder, 'openapi.json'));
  const program = programsOf(page).find((one) => one.language === language);
  writeFileSync(join(folder, file), program?.source ?? '');
  prepare?.(folder);
  const ids = { ADA: toPublic('account', accounts.ada), FUNDING: toPublic('account', accounts.funding) };
  const all = { ...env, ...ids, API: api.url, KEY: await api.keyWith({}) };
  try {
    const { stdout } = await run('bash', ['-ec', commandsOf(file)], { cwd: folder, env: all, timeout: withinMs });
    return { printed: stdout.trim().split('\n').at(-1) ?? '', prints: program?.prints ?? /^$/ };
  } catch (error) {
    // What a compiler finds stands in its output.
    throw new Error(`${String(error)}\n${String((error as { stdout?: string }).stdout)}`, { cause: error });
  }
}

/** The block of the page that ends with running this file. */
function commandsOf(file: string): string {
  const blocks = [...read(page).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);
  const found = blocks.find(
    (commands) => commands.includes(file.replace(/\.[a-z]+$/, '')) && !commands.includes('install'),
  );
  if (found === undefined) throw new Error(`${page} has no commands for ${file}.`);
  return found;
}

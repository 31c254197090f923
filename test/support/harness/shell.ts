import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const runMaxMs = 60_000;
/** What curl prints after each answer. */
const mark = '#status';

/** An answer that a script got by curl: the body as it is, without the headers that `-i` prints. */
export type Printed = { status: number; body: string };

/**
 * Runs a script as a reader would paste it, in bash, in a folder of its own, with these variables; a command that fails ends it. Returns the answers of its
 * calls of curl, in order. Throws when it ends with an error.
 */
export async function runScript(script: string, variables: Readonly<Record<string, string>>): Promise<Printed[]> {
  const home = mkdtempSync(join(tmpdir(), 'quittance-shell-'));
  try {
    writeFileSync(join(home, '.curlrc'), String.raw`write-out = "\n${mark} %{http_code}\n"`);
    const env = { PATH: process.env['PATH'], HOME: home, CURL_HOME: home, ...variables };
    const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      ...{ env, cwd: home },
      timeout: runMaxMs,
    });
    return [...stdout.matchAll(new RegExp(String.raw`([\s\S]*?)\n${mark} ([0-9]{3})\n`, 'g'))].map(
      ([, printed = '', status]) => ({ status: Number(status), body: withoutHeaders(printed) }),
    );
  } finally {
    rmSync(home, { recursive: true });
  }
}

const withoutHeaders = (printed: string): string =>
  printed.startsWith('HTTP/') ? printed.slice(printed.search(/\r?\n\r?\n/)).trim() : printed;

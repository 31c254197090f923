import '../config/environment.ts';

import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnv } from '../config/env.ts';
import { explainStartErrors } from '../config/explain-error.ts';
import { createPasswords, type Password } from '../config/iam-passwords.ts';

/** A token opens the database for a quarter of an hour, so one that is this old has ten minutes left. */
const renewMs = 300_000;
/** Until there is a first one, nobody beside this program can start. */
const againMs = 5_000;

export type TokenFile = {
  path: string;
  password: Password;
  /** Ends it. */
  signal: AbortSignal;
  /** Called for a token that could not be made; the one before it stays in the file. */
  onFailure: (error: unknown) => void;
  waits?: { renewMs: number; againMs: number };
};

/**
 * Keeps a token of the database in a file, for a program that is not ours and takes its password from one: Temporal's server and its
 * tools. A reader of the file has a whole token, the old or the new one. Resolves when it is ended.
 */
export async function keepToken({
  path,
  password,
  signal,
  onFailure,
  waits = { renewMs, againMs },
}: TokenFile): Promise<void> {
  while (!signal.aborted) {
    const isWritten = await writeToken(path, password).then(
      () => true,
      (error: unknown) => {
        onFailure(error);
        return false;
      },
    );
    await wait(isWritten ? waits.renewMs : waits.againMs, undefined, { signal }).catch(() => {});
  }
}

/** Writes one token. Throws when none can be made. */
export async function writeToken(path: string, password: Password): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, await password(), { mode: 0o600 });
  await rename(draft, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  explainStartErrors();
  const { values, positionals } = parseArgs({
    options: { once: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [path] = positionals;
  const { url, iamRegion } = readEnv().database;
  const { password } = createPasswords().ofDatabase(url, iamRegion);
  if (path === undefined || !password) {
    process.stderr.write('write-token needs the path of a file, and DATABASE_IAM_REGION.\n');
    process.exit(1);
  }
  if (values.once) await writeToken(path, password);
  else {
    const stopping = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stopping.abort());
    await keepToken({
      path,
      password,
      signal: stopping.signal,
      onFailure: (error) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
    });
  }
}

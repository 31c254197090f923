import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** What a RUN does, as far as it can be done in a folder. */
export type Effect =
  | { kind: 'command'; text: string }
  /** Folders outside of the program's, and which of them (with all in it) is given to the image's user. */
  | { kind: 'folders'; folders: string[]; owned: string }
  /** It takes something of the base image away, which is not here. */
  | { kind: 'removed from the base' };

const withinMs = 15 * 60_000;
const outputBytesMax = 16 * 1024 * 1024;
const path = String.raw`\/[\w./*-]+`;
const folders = new RegExp(`^mkdir -p ((?:${path} ?)+) ?&& chown (?:-R )?node:node (${path})$`);
const removal = new RegExp(`^rm -rf (${path} ?)+$`);

/** What this RUN does. Null for one that names a path outside of its folder in an unknown form: here it would reach this machine's files. */
export function effectOf(text: string): Effect | null {
  const [, made, owned = ''] = folders.exec(text) ?? [];
  if (made !== undefined) return { kind: 'folders', folders: made.trim().split(/\s+/), owned };
  if (removal.test(text)) return { kind: 'removed from the base' };
  return /(^|[\s"'=<>(])\/\w/.test(text) || text.includes('..') ? null : { kind: 'command', text };
}

/**
 * Runs a command line as a build does, by `/bin/sh -c` in that folder, with an empty home, and with this Node first on PATH. npm may take
 * packages from this machine's cache: the lock file says what each must be. Throws with the end of its output when it fails.
 */
export function runCommand(
  text: string,
  { cwd, env: own }: { cwd: string; env: Readonly<Record<string, string>> },
): void {
  mkdirSync(cwd, { recursive: true });
  const home = mkdtempSync(join(tmpdir(), 'quittance-home-'));
  try {
    const env = {
      ...own,
      ...ownNpmSettings(),
      npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
      npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'),
      npm_config_prefer_offline: 'true',
      npm_config_update_notifier: 'false',
      HOME: home,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    };
    const run = spawnSync('/bin/sh', ['-c', text], {
      cwd,
      env,
      timeout: withinMs,
      maxBuffer: outputBytesMax,
      encoding: 'utf8',
    });
    if (run.status !== 0)
      throw new Error(
        `A line of the Dockerfile failed:\n${text}\n${run.error?.message ?? ''}${run.stdout}${run.stderr}`.slice(
          0,
          20_000,
        ),
      );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** What says how the network and the registry are reached. `npm run` adds settings of the tree that it runs in, which would be wrong there. */
function ownNpmSettings(): Record<string, string | undefined> {
  const named =
    /^(https?_proxy|no_proxy|npm_config_(registry|https?_proxy|noproxy|cafile)|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => named.test(name)));
}

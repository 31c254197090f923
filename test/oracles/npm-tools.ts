import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../local/servers/find-program.ts';
import { makeOnce } from '../../local/servers/make-once.ts';
import { root } from '../support/tree.ts';

const run = promisify(execFile);
const installWithinMs = 240_000;
const lists = ['package.json', 'package-lock.json'];
const contents = lists.map((name) => readFileSync(join(root, 'test/oracles/npm', name)));

/** Where the packages of test/oracles/npm are once they are installed. They are 120 MB, so `npm ci` does not install them. */
export const npmTools = join(
  cacheFolder(),
  `oracles-npm-${contents
    .reduce((hash, bytes) => hash.update(bytes), createHash('sha256'))
    .digest('hex')
    .slice(0, 12)}`,
);

/** Installs them once into the cache folder, as the lock file names them. Returns null, or the reason why they cannot be had. */
export async function whyNoNpmTools(): Promise<string | null> {
  try {
    await makeOnce(npmTools, async (draft) => {
      mkdirSync(draft);
      for (const name of lists) copyFileSync(join(root, 'test/oracles/npm', name), join(draft, name));
      // No package of these needs its script.
      await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: draft, timeout: installWithinMs });
    });
    return null;
  } catch (error) {
    return `its packages could not be installed (${String(error).split('\n')[0]})`;
  }
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, findOnPath } from '../../local/servers/find-program.ts';
import { makeOnce } from '../../local/servers/make-once.ts';
import { root } from '../support/tree.ts';

const run = promisify(execFile);
const installWithinMs = 240_000;

/** A program of Python: what runs it, before its own arguments, and its environment. */
export type PythonTool = { command: string[]; env: NodeJS.ProcessEnv };

/**
 * A program of the packages that a requirements file names in exact versions: installed once into the cache folder with the Python of this
 * machine. Else the reason why it cannot be had.
 */
export async function findPythonTool(requirements: string, program: string): Promise<PythonTool | string> {
  const python = findOnPath('python3');
  if (python === null) return 'no python3 on PATH';
  try {
    const { stdout: version } = await run(python, ['--version']);
    const hash = createHash('sha256')
      .update(version)
      .update(readFileSync(join(root, requirements)));
    const folder = join(cacheFolder(), `python-${program}-${hash.digest('hex').slice(0, 12)}`);
    await makeOnce(folder, (draft) =>
      run(python, ['-m', 'pip', 'install', '--quiet', '--target', draft, '-r', join(root, requirements)], {
        timeout: installWithinMs,
      }),
    );
    return { command: [python, join(folder, 'bin', program)], env: { ...process.env, PYTHONPATH: folder } };
  } catch (error) {
    return `its packages could not be installed (${String(error).split('\n')[0]})`;
  }
}

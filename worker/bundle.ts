import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { errorConverterPath } from '../encryption/data-converter.ts';
import { hashOfWorkflows } from '../telemetry/build.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Beside the sources, like everything else that is built from them; `git clean` and `npm run reset` may take it away. */
const folder = `${root}dist`;
/** Of a file's name: what all bundles of one state of the sources have in common. */
const hashEndLength = '0123456789abcdef.js'.length;

/** Which of the bundles: each worker needs one. */
type BundleOptions = { isVersioned?: boolean; dataConverter?: DataConverter | undefined };

/**
 * The workflows' code in one file, for every worker of a process. It is built once for a state of the sources and
 * found by their hash, so that a worker that is started again need not wait for it; a hash cannot be stale. Building takes
 * some seconds. `isVersioned`: for workers that have a version. It has the failure converter of `dataConverter`, if there is one: in a worker
 * the two are the same. Throws when workflow code imports what may not run there (a Node module, a library with a clock).
 */
export async function workflowBundle({
  isVersioned = false,
  dataConverter: { failureConverterPath } = {},
}: BundleOptions = {}): Promise<WorkflowBundleOption> {
  const entry = isVersioned ? 'versioned' : 'index';
  const codePath = `${folder}/workflows-${entry}${failureConverterPath ? '-encrypted' : ''}-${await hashOfSources()}.js`;
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: `${root}workflows/${entry}.ts`,
    logger: new DefaultLogger('WARN'),
    ...(failureConverterPath && { failureConverterPath }),
  });
  await keep(codePath, code);
  return { code };
}

async function hashOfSources(): Promise<string> {
  // Another version of the SDK makes another bundle.
  const sdk = await readFile(createRequire(import.meta.url).resolve('@temporalio/worker/package.json'));
  const hash = createHash('sha256')
    .update(sdk)
    .update(await readFile(errorConverterPath))
    .update(await hashOfWorkflows());
  return hash.digest('hex').slice(0, 16);
}

/** Two processes, or two parts of one, may build concurrently; each writes its own file and renames it. */
async function keep(codePath: string, code: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const unfinished = `${codePath}.${randomUUID()}`;
  await writeFile(unfinished, code);
  await rename(unfinished, codePath);
  for (const name of await readdir(folder))
    if (/^workflows(-[a-z]+)*-[0-9a-f]{16}\.js$/.test(name) && !name.endsWith(codePath.slice(-hashEndLength)))
      await rm(`${folder}/${name}`, { force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const isVersioned of [false, true])
    for (const dataConverter of [{}, { failureConverterPath: errorConverterPath }])
      await workflowBundle({ isVersioned, dataConverter });

import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { errorConverterPath } from '../encryption/data-converter.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Beside the sources, like everything else that is built from them; `git clean` and `npm run reset` may take it away. */
const folder = `${root}dist`;
/** The folders of workflow code, and what makes payloads of errors there. */
const sources = ['workflows', 'domain', 'encryption'];

/**
 * The workflows' code in one file, for every worker of a process. It is built once for a state of the sources and
 * found by their hash, so that a worker that is started again need not wait for it; a hash cannot be stale. Building takes
 * some seconds. It has the failure converter of `dataConverter`, if there is one: in a worker the two are the same. Throws when workflow code imports what may not
 * run there (a Node module, a library with a clock).
 */
export async function workflowBundle(dataConverter: DataConverter = {}): Promise<WorkflowBundleOption> {
  const { failureConverterPath: converter } = dataConverter;
  const prefix = converter ? 'workflows-encrypted' : 'workflows';
  const codePath = `${folder}/${prefix}-${await hashOfSources()}.js`;
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: `${root}workflows/index.ts`,
    logger: new DefaultLogger('WARN'),
    ...(converter && { failureConverterPath: converter }),
  });
  await keep(codePath, code, prefix);
  return { code };
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  // Another version of the SDK makes another bundle.
  hash.update(await readFile(createRequire(import.meta.url).resolve('@temporalio/worker/package.json')));
  for (const source of sources) {
    const names = (await readdir(`${root}${source}`, { recursive: true })).filter(
      (name) => /\.c?[jt]s$/.test(name) && !name.endsWith('.test.ts'),
    );
    for (const name of names.toSorted()) hash.update(`${name}\0`).update(await readFile(`${root}${source}/${name}`));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Two processes, or two parts of one, may build concurrently; each writes its own file and renames it. */
async function keep(codePath: string, code: string, prefix: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const unfinished = `${codePath}.${randomUUID()}`;
  await writeFile(unfinished, code);
  await rename(unfinished, codePath);
  for (const name of await readdir(folder))
    if (name.replace(/-[0-9a-f]{16}\.js$/, '') === prefix && !codePath.endsWith(name))
      await rm(`${folder}/${name}`, { force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await workflowBundle();
  await workflowBundle({ failureConverterPath: errorConverterPath });
}

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { check } from '../../../domain/check.ts';
import { errorConverterPath } from '../../../encryption/data-converter.ts';
import { root } from '../tree.ts';

/** What another release has differently: in a file of `workflows/`, which text, and what stands in its place. */
export type WorkflowChange = { file: string; text: string; instead: string };

/** The workflows of another release, for a worker that encrypts: those of this tree with some changes. Throws when a text is not there any longer. */
export async function changedWorkflows(
  changes: readonly WorkflowChange[],
  { isVersioned = false } = {},
): Promise<{ code: string }> {
  // Below the root, because that is where its imports are found.
  await mkdir(join(root, '.test'), { recursive: true });
  const copy = await mkdtemp(join(root, '.test/workflows-'));
  try {
    for (const folder of ['workflows', 'domain']) await cp(join(root, folder), join(copy, folder), { recursive: true });
    for (const { file, text, instead } of changes) {
      const path = join(copy, 'workflows', file);
      const source = await readFile(path, 'utf8');
      check(source.includes(text), `${file} has no ${text}`);
      await writeFile(path, source.replace(text, instead));
    }
    return await bundleWorkflowCode({
      workflowsPath: join(copy, 'workflows', isVersioned ? 'versioned.ts' : 'index.ts'),
      logger: new DefaultLogger('ERROR'),
      failureConverterPath: errorConverterPath,
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

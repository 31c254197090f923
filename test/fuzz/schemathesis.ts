import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findPythonTool, type PythonTool } from '../oracles/python-tool.ts';
import { root } from '../support/tree.ts';

/** Schemathesis, or why it cannot be had. */
export const findSchemathesis = (): Promise<PythonTool | string> => findPythonTool('test/fuzz/requirements.txt', 'st');

type Run = { folder: string; ids: Record<string, string[]>; keyId: string; args: string[] };

/** Runs it in a folder, for a document whose things have these ids. Throws when it cannot be had. */
export async function runSchemathesis({
  folder,
  ids,
  keyId,
  args,
}: Run): Promise<{ code: number | null; output: string }> {
  const tool = await findSchemathesis();
  if (typeof tool === 'string') throw new Error(`Schemathesis is not here: ${tool}`);
  const [program = '', ...first] = tool.command;
  const hooks = {
    SCHEMATHESIS_HOOKS: join(root, 'test/fuzz/hooks.py'),
    FUZZ_IDS: JSON.stringify(ids),
    FUZZ_KEY_ID: keyId,
  };
  const child = spawn(program, [...first, ...args], {
    env: { ...tool.env, ...hooks },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../tree.ts';

/** How a step of the pipeline ended, with the outputs that GitHub would hand to later ones. */
export type StepRun = { code: number | null; out: string; err: string; outputs: Record<string, string> };

/** Runs a step as its job does: the program, its options, and an environment that has nothing else of this machine but PATH. */
export async function runPipelineStep(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<StepRun> {
  const home = mkdtempSync(join(tmpdir(), 'quittance-step-'));
  const outputFile = join(home, 'outputs');
  writeFileSync(outputFile, '');
  const child = spawn(process.execPath, [join(root, 'infra/pipeline', program), ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, GITHUB_OUTPUT: outputFile, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = readFileSync(outputFile, 'utf8').split('\n').filter(Boolean);
  rmSync(home, { recursive: true });
  const outputs = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { code, out, err, outputs };
}

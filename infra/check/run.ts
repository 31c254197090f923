import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The root of the repository, from which every command runs. */
export const root = join(import.meta.dirname, '../..');

export type RunOptions = { withinMs: number; env?: NodeJS.ProcessEnv; cwd?: string; inherit?: true };

/** Runs a command and keeps what it prints, or lets it print (`inherit`). It is ended after `withinMs`; then its code is null. */
export function run(
  [program = '', ...args]: readonly string[],
  { withinMs, env, cwd = root, inherit }: RunOptions,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const stdio = inherit ? 'inherit' : 'pipe';
    const child = spawn(program, args, { cwd, stdio: ['ignore', stdio, stdio], env: { ...process.env, ...env } });
    let output = '';
    child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const timer = setTimeout(() => child.kill('SIGTERM'), withinMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

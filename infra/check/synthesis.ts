import { run } from './run.ts';

/** A bound for what hangs: a synthesis of all environments takes a minute on two busy cores. */
const withinMs = 600_000;

/** Synthesises all environments into a folder without the CDK's command. Throws with what it printed when a policy is violated. */
export async function synthesiseAll(folder: string, ...more: string[]): Promise<void> {
  const { code, output } = await run([process.execPath, 'infra/synthesise.ts', folder, ...more], { withinMs });
  if (code !== 0) throw new Error(`The synthesis ended with ${String(code)}:\n${output}`);
}

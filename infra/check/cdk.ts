import { join } from 'node:path';
import { root, run } from './run.ts';
import type { StepResult } from './step-result.ts';

const withinMs = 900_000;

/**
 * `cdk synth '**'` as a pipeline calls it. The two stars are essential: with all stacks in stages, a synthesis without them selects none, and
 * nothing is said of them.
 */
export async function cdkSynthesis(folder: string): Promise<StepResult> {
  const { code, output } = await runCdk(['synth', '**', '--output', folder]);
  return code === 0 ? null : { wrong: output };
}

/** Runs the CDK's command without anything that would need the network: no look-ups, notices or telemetry. */
export const runCdk = (args: readonly string[]): Promise<{ code: number | null; output: string }> =>
  run(
    [
      process.execPath,
      join(root, 'infra/node_modules/aws-cdk/bin/cdk'),
      ...args,
      ...['--quiet', '--strict', '--no-lookups', '--no-notices', '--no-color'],
    ],
    {
      withinMs,
      cwd: join(root, 'infra'),
      env: { PATH: `${ownNode}:${process.env['PATH'] ?? ''}`, CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' },
    },
  );

/** The CDK's command starts `node app.ts`, and an older Node of the machine does not read TypeScript. */
const ownNode = join(root, 'node_modules/.bin');

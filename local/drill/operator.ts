import { join } from 'node:path';
import { execa } from 'execa';
import type { RestoreFindings } from '../../operator/restore-findings.ts';
import type { DrillPlatform } from './platform.ts';

/** The commands of a person, as the image runs them: a process with a few addresses and nothing else. */
export type DrillOperator = {
  /** Throws with what it printed when it ends with another code than one of these. */
  run(args: readonly string[], codes?: readonly number[]): Promise<string>;
  /** `restore check`, as data. */
  check(): Promise<Pick<RestoreFindings, 'orphans'> & { behind: object[]; look_alikes: object[] }>;
};

const main = join(import.meta.dirname, '../../operator/main.ts');
const toBeJudged = 3;

/** `since`: the moment that the database was restored to. */
export function createDrillOperator({ operatorEnv, truthUrl }: DrillPlatform, since: Date): DrillOperator {
  const { PATH, HOME } = process.env;
  const run: DrillOperator['run'] = async (args, codes = [0]) => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
      ...{ env: { PATH, HOME, ...operatorEnv }, extendEnv: false, reject: false },
    });
    if (!codes.includes(exitCode ?? -1))
      throw new Error(`operator ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
    return stdout;
  };
  const about = ['--truth', truthUrl, '--since', since.toISOString()];
  return {
    run: (args, codes) => run(args[0] === 'restore' && args[1] !== 'begin' ? [...args, ...about] : args, codes),
    check: async () => JSON.parse(await run(['restore', 'check', '--json', ...about], [0, toBeJudged])),
  };
}

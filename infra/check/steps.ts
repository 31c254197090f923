import { cdkSynthesis } from './cdk.ts';
import { keptFiles, writeKeptFiles } from './kept-files.ts';
import { cfnLint, checkov } from './linters.ts';
import { whyNoPackages } from './packages.ts';
import { run } from './run.ts';
import type { StepResult } from './step-result.ts';

/** One step of `npm run infra:check`. `folder` is where the assembly is written. */
export type Step = {
  name: string;
  question: string;
  /** It reads the assembly, so the synthesis comes before it. */
  reads?: true;
  do: (folder: string) => Promise<StepResult>;
};

const withinMs = 900_000;
const bin = (name: string): string => `node_modules/.bin/${name}`;

/** Every step, in its order. Only the first uses the network, and the last two where their tools are not here yet. */
export const steps: readonly Step[] = [
  {
    name: 'packages',
    question: 'are the packages of infra/ those of its lock file?',
    do: async () => {
      const missing = await whyNoPackages();
      return missing === null ? null : { wrong: missing };
    },
  },
  command('types', 'do the types hold?', [process.execPath, 'node_modules/ts7/bin/tsc', '-p', 'infra']),
  command('lint', 'is an unsafe value used, a case left out?', [
    bin('oxlint'),
    '--type-aware',
    '--deny-warnings',
    'infra',
  ]),
  command('imports', 'does infra/ import only what it may?', [
    ...[bin('depcruise'), '--config', 'infra/check/imports.config.ts', '--output-type', 'err-long'],
    'infra',
  ]),
  {
    name: 'synthesis',
    question: "does the CDK's own command synthesise every stack, with no finding and no warning?",
    do: cdkSynthesis,
  },
  {
    name: 'tests',
    question: 'does every row hold, and is every planted change seen?',
    reads: true,
    do: async (folder) => {
      const env = {
        INFRA_ASSEMBLY: folder,
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      };
      const jest = [process.execPath, 'node_modules/jest/bin/jest.js', '--selectProjects', 'infra'];
      const { code } = await run(jest, { withinMs, env, inherit: true });
      return code === 0 ? null : { wrong: 'Tests above are red.' };
    },
  },
  { name: 'cfn-lint', question: 'does cfn-lint accept every template?', reads: true, do: cfnLint },
  { name: 'checkov', question: 'does checkov accept every template?', reads: true, do: checkov },
];

/** `--write`: what is made from the assembly is written instead of compared. */
export const writing: Step = {
  name: 'write',
  question: 'snapshots and documents of this assembly',
  reads: true,
  do: async (folder) => {
    const written = writeKeptFiles(keptFiles(folder));
    console.log(written.length === 0 ? '   All are up to date.' : `   Written: ${written.join(', ')}.`);
    return null;
  },
};

function command(name: string, question: string, args: readonly string[]): Step {
  return {
    name,
    question,
    do: async () => {
      const { code, output } = await run(args, { withinMs });
      return code === 0 ? null : { wrong: output };
    },
  };
}

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPythonTool } from '../../test/oracles/python-tool.ts';
import { cfnLintSkips, checkovSkips } from './linter-skips.ts';
import { run } from './run.ts';
import type { StepResult } from './step-result.ts';

const withinMs = 900_000;

/** cfn-lint on every template, in the version that knows `Fn::GetStackOutput`. */
export async function cfnLint(folder: string): Promise<StepResult> {
  const tool = await findPythonTool('infra/check/cfn-lint.txt', 'cfn-lint');
  if (typeof tool === 'string') return { notRun: tool };
  const templates = templatesIn(folder);
  const skipped = Object.keys(cfnLintSkips);
  const ignore = skipped.length > 0 ? ['--ignore-checks', ...skipped] : [];
  const { code, output } = await run([...tool.command, '--format', 'parseable', ...ignore, '--', ...templates], {
    withinMs,
    env: tool.env,
  });
  return code === 0 ? null : { wrong: output };
}

/** checkov on every template, without its own downloads. */
export async function checkov(folder: string): Promise<StepResult> {
  const tool = await findPythonTool('infra/check/checkov.txt', 'checkov');
  if (typeof tool === 'string') return { notRun: tool };
  const skipped = Object.keys(checkovSkips).join(',');
  const { code, output } = await run(
    [
      ...tool.command,
      ...['--framework', 'cloudformation', '--quiet', '--compact', '--skip-download', '--output', 'cli'],
      ...(skipped === '' ? [] : ['--skip-check', skipped]),
      ...templatesIn(folder).flatMap((file) => ['--file', file]),
    ],
    { withinMs, env: { ...tool.env, BC_SKIP_MAPPING: 'TRUE', LOG_LEVEL: 'ERROR' } },
  );
  return code === 0 ? null : { wrong: output };
}

/** Every template of every stage. */
export const templatesIn = (folder: string): string[] =>
  globSync('assembly-*/*.template.json', { cwd: folder })
    .toSorted()
    .map((file) => join(folder, file))
    .filter((file) => readFileSync(file, 'utf8').includes('"Resources"'));

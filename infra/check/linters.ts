import { globSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findPythonTool } from '../../test/oracles/python-tool.ts';
import { type CheckovSkip, cfnLintSkips, checkovSkips } from './linter-skips.ts';
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

/** checkov on every template, without its own downloads: what it finds must be in the table, and what is in the table must be found. */
export async function checkov(folder: string): Promise<StepResult> {
  const tool = await findPythonTool('infra/check/checkov.txt', 'checkov');
  if (typeof tool === 'string') return { notRun: tool };
  const { output } = await run(
    [
      ...tool.command,
      ...['--framework', 'cloudformation', '--quiet', '--compact', '--skip-download', '--output', 'json'],
      ...templatesIn(folder).flatMap((file) => ['--file', file]),
    ],
    { withinMs, env: { ...tool.env, BC_SKIP_MAPPING: 'TRUE', LOG_LEVEL: 'ERROR' } },
  );
  const { results } = checkovSchema.parse(JSON.parse(output.slice(output.indexOf('{'))));
  const found = results.failed_checks.map(({ check_id: id, resource, file_path: file }) => ({
    id,
    resource: resource.split('.').at(-1) ?? resource,
    file: file.split('/').at(-1) ?? file,
  }));
  const open = found.filter(({ id, resource }) => !checkovSkips.some((skip) => covers(skip, id, resource)));
  const stale = checkovSkips.flatMap((skip) =>
    skip.checks
      .filter((check) => !found.some(({ id, resource }) => id === check && covers(skip, id, resource)))
      .map((check) => `${check} on ${skip.resource.source} is skipped and not found`),
  );
  const wrong = [...open.map(({ id, resource, file }) => `${id}: ${resource} in ${file}`), ...stale];
  return wrong.length === 0 ? null : { wrong: wrong.join('\n') };
}

const covers = ({ checks, resource: pattern }: CheckovSkip, id: string, resource: string): boolean =>
  checks.includes(id) && pattern.test(resource);

const checkovSchema = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string(), file_path: z.string() })),
  }),
});

/** Every template of every stage. Throws when there is none: a linter without files finds nothing wrong. */
export function templatesIn(folder: string): string[] {
  const templates = globSync('assembly-*/*.template.json', { cwd: folder }).toSorted();
  if (templates.length === 0) throw new Error(`There is no template in ${folder}.`);
  return templates.map((file) => join(folder, file));
}

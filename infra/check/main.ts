import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steps, writing } from './steps.ts';

/**
 * `npm run infra:check`: everything that can be known of infra/ without an account, and after its first step without a network. `-- <step>…`
 * runs some steps, `-- --write` writes the snapshots and docs/aws from a new synthesis. A failed step does not stop the next, except
 * that nothing is read from an assembly that was not made. The last line says how many failed and what could not run.
 */
const flags = process.argv.slice(2);
const names = flags.filter((flag) => !flag.startsWith('--'));
const unknown = names.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. There are: ${steps.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const wanted = flags.includes('--write')
  ? [writing]
  : steps.filter(({ name }) => names.length === 0 || names.includes(name));
const assembly = process.env['INFRA_ASSEMBLY'];
const before = assembly === undefined && wanted.some(({ reads }) => reads) ? ['packages', 'synthesis'] : [];
const chosen = [...steps, writing].filter((step) => before.includes(step.name) || wanted.includes(step));
const folder = assembly ?? mkdtempSync(join(tmpdir(), 'quittance-infra-'));

const failed: string[] = [];
const notRun: string[] = [];
const times: string[] = [];
for (const step of chosen) {
  const stops = failed.find((name) => name === 'packages' || (name === 'synthesis' && step.reads));
  if (stops !== undefined) {
    notRun.push(`${step.name} (${stops} failed)`);
    continue;
  }
  console.log(`\n── ${step.name}: ${step.question}`);
  const started = performance.now();
  const result = await step.do(folder);
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  if (result === null) console.log(`   ok, ${seconds}`);
  else if ('notRun' in result) {
    console.log(`   not run: ${result.notRun}`);
    notRun.push(`${step.name} (${result.notRun})`);
    continue;
  } else {
    console.log(`${result.wrong}\n   ${step.name} FAILED after ${seconds}.`);
    failed.push(step.name);
  }
  times.push(`${step.name} ${seconds}`);
}
console.log(`\nTimes: ${times.join(', ')}.`);
if (notRun.length > 0) console.log(`Not run: ${notRun.join(', ')}.`);
console.log(failed.length === 0 ? 'infra:check: all that ran holds.' : `infra:check: failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

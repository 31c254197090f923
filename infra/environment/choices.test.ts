import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../check/assembly.ts';
import { run } from '../check/run.ts';
import { rows } from '../requirements/index.ts';
import { type Synthesised, synthesised } from '../requirements/synthesised.ts';
import { type Deployment, example } from './deployment.ts';
import { production } from './production.ts';

/** A deployment that decides whatever the example leaves open: each row has to hold then too. */
const folder = mkdtempSync(join(tmpdir(), 'quittance-choices-'));
const version = (build: string, digit: string, state: 'current' | 'draining') => ({
  build,
  imageDigest: `sha256:${digit.repeat(64)}`,
  state,
});
const deployment: Deployment = {
  ...example,
  privateOriginsGroup: 'sg-0123456789abcdef0',
  temporalCloud: { ...example.temporalCloud, isReplicated: true },
  // No third one: while a version ramps up the pipeline replaces no tasks of the API, and production has no connections for both.
  workerVersions: [version('0.2.0', '2', 'current'), version('0.1.0', '1', 'draining')],
};
const withinMs = 300_000;
let view: Synthesised | undefined;
const seen = (): Synthesised => {
  if (view === undefined) throw new Error('Nothing was synthesised.');
  return view;
};

beforeAll(async () => {
  const file = join(folder, 'deployment.json');
  writeFileSync(file, JSON.stringify(deployment));
  const { code, output } = await run(
    [process.execPath, 'infra/synthesise.ts', folder, '--without-packs', 'production'],
    { withinMs, env: { CDK_CONTEXT_JSON: JSON.stringify({ deployment: file }) } },
  );
  if (code !== 0) throw new Error(output);
  view = synthesised(readAssembly(folder, production, deployment));
});

describe('a deployment with a replicated namespace, the group of private origins, and two live versions', () => {
  test.each(rows.map((row) => [row.id, row] as const))('%s', (_id, row) => {
    expect(row.check(seen())).toEqual([]);
  });

  test('names of the region lead to the private link, and those of the namespace to Temporal’s own alias', () => {
    const zones = seen().resources('Temporal', 'AWS::Route53::HostedZone');
    expect(zones.map(({ properties }) => properties['Name'])).toEqual(['aws-eu-central-1.region.tmprl.cloud.']);
  });

  test('the balancer takes the group of our private origins, and no list of addresses', () => {
    const rules = JSON.stringify(seen().stacks['Network']?.Resources);
    expect(rules).toContain('sg-0123456789abcdef0');
    expect(rules).not.toContain(example.cloudFrontPrefixList);
  });
});

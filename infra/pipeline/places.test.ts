import { describe, expect, test } from '@jest/globals';
import { runPipelineStep } from '../../test/support/harness/pipeline-step.ts';
import { read } from '../../test/support/tree.ts';
import { jobsOf, workflows } from '../../test/support/workflows.ts';
import { example } from '../environment/deployment.ts';
import { environmentNames } from '../environment/schema.ts';
import { pathOf } from '../names.ts';
import { publishRoleNameOf } from '../registry/publish-role.ts';
import { deployRoleNameOf } from '../security/deploy-role.ts';
import { diffRoleNameOf } from '../security/diff-role.ts';
import { subjectsOf } from '../security/github.ts';
import { releaseRoleNameOf } from '../security/release-role.ts';
import { groupIdOf } from './network.ts';
import { environments } from './options.ts';

/** What the pipelines name, as the templates have it. */
const jobs = jobsOf(workflows());
const fill = (text: string, environment: string): string =>
  text.replaceAll('${{ inputs.environment }}', environment).replaceAll('${{ matrix.environment }}', environment);

describe.each(environmentNames)('%s', (name) => {
  test('is an environment of GitHub, whose subject the roles trust', () => {
    const named = jobs
      .filter(({ workflow }) => workflow === 'deploy')
      .flatMap(({ environment = '' }) => (environment === '' ? [] : [fill(environment, name)]));
    expect(named).toEqual([name]);
    for (const environment of named)
      expect(subjectsOf(name, example.repository)).toContain(`repo:example/quittance:environment:${environment}`);
  });

  test('has the roles that jobs become', () => {
    const roles = jobs
      .filter(({ workflow }) => workflow === 'deploy')
      .flatMap(({ steps }) => steps.map(({ with: options }) => fill(String(options?.['role-to-assume'] ?? ''), name)));
    const made = [
      publishRoleNameOf(name),
      deployRoleNameOf(environments[name]),
      releaseRoleNameOf(name),
      diffRoleNameOf(name),
    ];
    for (const role of made) expect(roles.some((one) => one.endsWith(`:role/${role}`))).toBe(true);
  });

  test('has the groups in which tasks of a release stand, found by the beginning of their ids', () => {
    const ids = read(`infra/snapshots/${name}/Network.txt`).match(/(?<=AWS::EC2::SecurityGroup )\w+/g) ?? [];
    for (const layer of ['migration', 'operator', 'temporal'] as const)
      expect(ids.filter((id) => new RegExp(`^${groupIdOf(layer)}.{8}$`).test(id))).toHaveLength(1);
  });

  test('has its smoke key where the smoke test looks', () => {
    const run = jobs.flatMap(({ steps }) =>
      steps.flatMap(({ run: one = '' }) => (one.includes('smoke.ts') ? [one] : [])),
    );
    expect(run.every((one) => one.includes('--secret "/quittance/$ENVIRONMENT/smoke-key"'))).toBe(true);
    expect(pathOf(name, 'smoke-key')).toBe(`/quittance/${name}/smoke-key`);
  });
});

test.each([
  'gate.ts',
  'promote.ts',
  'snapshot.ts',
  'run-task.ts',
  'temporal-schema.ts',
  'workers.ts',
  'smoke.ts',
  'drained.ts',
])('%s says its options', async (program) => {
  expect(await runPipelineStep(program, ['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('  --') });
});

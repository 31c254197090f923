import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { runPipelineStep } from '../../test/support/harness/pipeline-step.ts';
import { type AwsAnswer, type AwsCall, type FakeAws, startFakeAws } from '../../test/support/servers/aws.ts';
import { example } from '../environment/deployment.ts';
import { drainedIn } from './drained-in.ts';
import { giveAll, join as joinVersions, remove } from './worker-versions.ts';

/** The steps of a release itself: what is deployed, the ramp of workers, and what is looked at afterwards. */
let aws: FakeAws;
afterEach(() => aws?.close());

const digest = `sha256:${'a'.repeat(64)}`;
const build = 'a'.repeat(12);
const before = `sha256:${'b'.repeat(64)}`;
const current = { build: 'b'.repeat(12), imageDigest: before, state: 'current' as const };
const quick = ['--every-ms', '10', '--within-minutes', '4'];
const called = () => aws.calls.map(({ operation }) => operation);

describe('live versions of the workers', () => {
  test('a release joins beside the current one, becomes current, and the one before it drains', () => {
    const joined = joinVersions([current], digest);
    expect(joined).toEqual([{ build, imageDigest: digest, state: 'ramping' }, current]);
    expect(joinVersions(joined, digest)).toEqual(joined);
    expect(giveAll(joined, digest)).toEqual([
      { build, imageDigest: digest, state: 'current' },
      { ...current, state: 'draining' },
    ]);
    expect(remove(giveAll(joined, digest), current.build)).toHaveLength(1);
    expect(remove(giveAll(joined, digest), build)).toHaveLength(2);
  });

  test('the first is current at once, an earlier try makes room, and a fifth is refused', () => {
    expect(joinVersions([], digest)).toEqual([{ build, imageDigest: digest, state: 'current' }]);
    expect(joinVersions([{ ...current, state: 'ramping' }], digest)[1]).toMatchObject({ state: 'draining' });
    expect(() => joinVersions([current, current, current, current], digest)).toThrow('Four versions');
  });
});

describe('the file of a deployment', () => {
  const { imageDigest: _, workerVersions: __, ...account } = example;
  const variable = { ...account, temporalVersion: '1.29.1' };
  const out = join(mkdtempSync(join(tmpdir(), 'quittance-file-')), 'deployment.json');
  const write = (value: object, ...more: string[]) =>
    runPipelineStep('deployment-file.ts', ['--environment', 'staging', '--out', out, ...more], {
      ...aws.env,
      DEPLOYMENT: JSON.stringify(value),
    });
  const kept =
    (versions: object[]) =>
    ({ operation }: AwsCall): AwsAnswer =>
      operation === 'GetParameter' ? { json: { Parameter: { Value: JSON.stringify(versions) } } } : { json: {} };

  test('has what GitHub knows, the image, and the live versions, with the release among them', async () => {
    aws = await startFakeAws(kept([current]));
    const run = await write(variable, '--digest', digest, '--workers', 'join');
    expect(run).toMatchObject({
      code: 0,
      outputs: { domain: account.domain, previous: before, alone: 'false', 'temporal-version': '1.29.1' },
    });
    const versions = [{ build, imageDigest: digest, state: 'ramping' }, current];
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({
      ...account,
      imageDigest: digest,
      workerVersions: versions,
    });
    expect(JSON.parse(String(aws.calls[1]?.input['Value']))).toEqual(versions);
  });

  test('without an image it is that of the current workers, and nothing is changed', async () => {
    aws = await startFakeAws(kept([current]));
    expect(await write(variable)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ imageDigest: before, workerVersions: [current] });
    expect(called()).toEqual(['GetParameter']);
  });

  test('a variable that is not complete is refused, with what is missing', async () => {
    aws = await startFakeAws(kept([current]));
    const { domain: ___, ...rest } = account;
    expect(await write(rest)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/DEPLOYMENT of staging.*domain/s),
    });
  });
});

describe('the workers of a release', () => {
  type Raised = (nth: number) => string[];
  const account =
    (raised: Raised, exitCode: (command: string) => number = () => 0) =>
    (call: AwsCall, nth: number): AwsAnswer => {
      switch (call.operation) {
        case 'DescribeSubnets':
          return { xml: '<subnetSet><item><subnetId>subnet-a</subnetId></item></subnetSet>' };
        case 'DescribeSecurityGroups':
          return { xml: '<securityGroupInfo><item><groupId>sg-1</groupId></item></securityGroupInfo>' };
        case 'RunTask':
          return { json: { tasks: [{ taskArn: `arn:task/c/${nth}` }] } };
        case 'DescribeTasks':
          return {
            json: {
              tasks: [
                {
                  lastStatus: 'STOPPED',
                  containers: [{ name: 'operator', exitCode: exitCode(commands().at(-1) ?? '') }],
                },
              ],
            },
          };
        case 'DescribeAlarms':
          return { json: { MetricAlarms: raised(nth).map((AlarmName) => ({ AlarmName, StateValue: 'ALARM' })) } };
        case 'GetLogEvents':
          return { json: { events: [{ message: 'the histories do not replay' }] } };
        default:
          return { refusal: 'UnknownOperationException' };
      }
    };
  /** What was run in the operators' task, in order. */
  const commands = (): string[] =>
    aws.calls
      .filter(({ operation }) => operation === 'RunTask')
      .map(
        ({ input }) =>
          JSON.stringify(input)
            .match(/"operator\/main\.ts","workers",(.*?)\]/)?.[1]
            ?.replaceAll('"', '')
            .replaceAll(',', ' ') ?? '',
      );
  const workers = (...args: string[]) =>
    runPipelineStep(
      'workers.ts',
      ['--environment', 'production', '--digest', digest, '--watch-minutes', '0', ...quick, ...args],
      aws.env,
    );

  test('get more and more of the new work while no alarm is raised', async () => {
    aws = await startFakeAws(account(() => []));
    expect(await workers('--do', 'ramp', '--percents', '5,50')).toMatchObject({ code: 0, outputs: { build } });
    expect(commands()).toEqual([`ramp ${build} --percent 5`, `ramp ${build} --percent 50`]);
  });

  test('get nothing new when an alarm is raised; one of before does not count', async () => {
    aws = await startFakeAws(
      account((nth) =>
        nth < 2 ? ['quittance-production-old'] : ['quittance-production-old', 'quittance-production-bad'],
      ),
    );
    const run = await workers('--do', 'ramp', '--percents', '5,50');
    expect(run).toMatchObject({
      code: 1,
      err: expect.stringMatching(/At 50 % alarms were raised: quittance-production-bad/),
    });
    expect(commands()).toEqual([`ramp ${build} --percent 5`, `ramp ${build} --percent 50`, 'rollback']);
  });

  test('get nothing when their histories do not replay', async () => {
    aws = await startFakeAws(
      account(
        () => [],
        (command) => (command.startsWith('ramp') ? 1 : 0),
      ),
    );
    expect(await workers('--do', 'ramp')).toMatchObject({
      code: 1,
      err: expect.stringContaining('the histories do not replay'),
    });
    expect(commands()).toEqual([`ramp ${build} --percent 5`, 'rollback']);
  });

  test('of before are removed when no workflow has been pinned to them for an hour, and stay when one is', async () => {
    const draining = ['1', '2'].map((digit) => ({
      build: digit.repeat(12),
      imageDigest: `sha256:${digit.repeat(64)}`,
      state: 'draining',
    }));
    const printed = [
      'build                                   state        since                     workers  open groups  queues',
      'bbbbbbbbbbbb                            current      2026-01-01T00:00:00.000Z  2        7            main',
      '111111111111                            drained      2026-01-01T00:00:00.000Z  1        0            main',
      '222222222222                            draining     2026-01-01T00:00:00.000Z  1        3            main',
    ];
    const answer = account(() => []);
    aws = await startFakeAws((call, nth) => {
      if (call.operation === 'GetParameter')
        return { json: { Parameter: { Value: JSON.stringify([current, ...draining]) } } };
      if (call.operation === 'GetLogEvents') return { json: { events: printed.map((message) => ({ message })) } };
      return call.operation === 'PutParameter' ? { json: {} } : answer(call, nth);
    });
    const run = await runPipelineStep('drained.ts', ['--environment', 'production', '--do', 'take', ...quick], aws.env);
    expect(run).toMatchObject({ code: 0, outputs: { builds: '111111111111' } });
    expect(JSON.parse(String(aws.calls.at(-1)?.input['Value']))).toEqual([current, draining[1]]);
  });
});

test('only what is drained for an hour is drained, and a list that cannot be read is none', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const list = ['build  state  since', `111111111111  drained  ${since}  1`, `222222222222  draining  ${since}  1`];
  expect(drainedIn(list, Date.parse('2026-01-01T01:00:00Z'))).toEqual(['111111111111']);
  expect(drainedIn(list, Date.parse('2026-01-01T00:59:59Z'))).toEqual([]);
  expect(() => drainedIn([], Date.now())).toThrow('could not be read');
});

describe('after a release', () => {
  const status = (one: string): AwsAnswer => ({
    xml: `<Stacks><member><StackName>production-Api</StackName><StackStatus>${one}</StackStatus></member></Stacks>`,
  });
  test.each([
    ['UPDATE_COMPLETE', 0, ''],
    ['UPDATE_ROLLBACK_COMPLETE', 1, 'The release failed: Api is UPDATE_ROLLBACK_COMPLETE'],
  ])('a stack that is %s ends the step with %d', async (state, code, sentence) => {
    aws = await startFakeAws(() => status(state));
    const run = await runPipelineStep('stack-status.ts', ['--environment', 'production', '--stacks', 'Api'], aws.env);
    expect(run).toMatchObject({ code, err: expect.stringContaining(sentence) });
    expect(aws.calls[0]?.input).toMatchObject({ StackName: 'production-Api' });
  });

  test('what was changed by hand is found, and what a release writes itself is not', async () => {
    const drift = (id: string) =>
      `<member><LogicalResourceId>${id}</LogicalResourceId><StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus></member>`;
    const answers: Record<string, string> = {
      DescribeStacks:
        '<Stacks><member><StackName>production-Api</StackName><StackStatus>UPDATE_COMPLETE</StackStatus></member><member><StackName>staging-Api</StackName><StackStatus>UPDATE_COMPLETE</StackStatus></member></Stacks>',
      DetectStackDrift: '<StackDriftDetectionId>d1</StackDriftDetectionId>',
      DescribeStackDriftDetectionStatus:
        '<DetectionStatus>DETECTION_COMPLETE</DetectionStatus><StackDriftStatus>DRIFTED</StackDriftStatus>',
      DescribeStackResourceDrifts: `<StackResourceDrifts>${drift('HooksMigrated0A1B2C3D')}${drift('ServiceD69D759B')}</StackResourceDrifts>`,
    };
    aws = await startFakeAws(({ operation }) => ({ xml: answers[operation] ?? '' }));
    const run = await runPipelineStep('drift.ts', ['--environment', 'production', ...quick], aws.env);
    expect(run).toMatchObject({ code: 1, err: expect.stringContaining('production-Api: ServiceD69D759B is MODIFIED') });
    expect(run.err).not.toContain('Migrated');
    expect(called().filter((operation) => operation === 'DetectStackDrift')).toHaveLength(1);
  });
});

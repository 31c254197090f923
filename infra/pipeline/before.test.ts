import { afterEach, describe, expect, test } from '@jest/globals';
import { runPipelineStep } from '../../test/support/harness/pipeline-step.ts';
import { type AwsAnswer, type AwsCall, type FakeAws, startFakeAws } from '../../test/support/servers/aws.ts';
import { refusedUpgrade } from './temporal-upgrade.ts';

/** The steps before a release: the gate, the snapshot, what was migrated, and the version of Temporal. */
let aws: FakeAws;
afterEach(() => aws?.close());

const digest = `sha256:${'a'.repeat(64)}`;
const child = `sha256:${'b'.repeat(64)}`;
const quick = ['--every-ms', '10', '--within-minutes', '4'];
const refuse: AwsAnswer = { refusal: 'UnknownOperationException' };
const called = () => aws.calls.map(({ operation }) => operation);
const parameter = (value: string): AwsAnswer => ({ json: { Parameter: { Value: value } } });

describe('the gate', () => {
  const repository = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/quittance-development';
  const gate = (...more: string[]) =>
    runPipelineStep('gate.ts', ['--repository', repository, '--digest', digest, ...quick, ...more], aws.env);
  const list = {
    manifests: [
      { digest: child, platform: { architecture: 'arm64', os: 'linux' } },
      { digest, platform: { architecture: 'unknown', os: 'unknown' } },
    ],
  };
  const scan = (status: string, counts = {}): AwsAnswer => ({
    json: { imageScanStatus: { status }, imageScanFindings: { findingSeverityCounts: counts } },
  });
  const scanned =
    (...answers: AwsAnswer[]) =>
    ({ operation }: AwsCall, nth: number): AwsAnswer => {
      if (operation === 'BatchGetImage') return { json: { images: [{ imageManifest: JSON.stringify(list) }] } };
      if (operation === 'DescribeImageScanFindings') return answers[nth] ?? answers.at(-1) ?? refuse;
      return operation === 'GetParameter' ? parameter(`${child},${digest}`) : refuse;
    };

  test('waits for the scan of the image in the list, and passes what has no critical or high weakness', async () => {
    aws = await startFakeAws(
      scanned({ refusal: 'ScanNotFoundException' }, scan('IN_PROGRESS'), scan('COMPLETE', { LOW: 3 })),
    );
    expect(await gate()).toMatchObject({ code: 0, err: '' });
    expect(aws.calls.at(-1)?.input).toMatchObject({
      repositoryName: 'quittance-development',
      imageId: { imageDigest: child },
    });
  });

  test.each<[string, AwsAnswer, RegExp]>([
    ['a high weakness', scan('COMPLETE', { HIGH: 2, LOW: 1 }), /found 2 high.*Nothing was deployed/],
    ['a scan that failed', scan('FAILED'), /ended as FAILED/],
    ['a scan that does not end', scan('PENDING'), /is not through/],
  ])('stops %s', async (_what, answer, sentence) => {
    aws = await startFakeAws(scanned(answer));
    expect(await gate('--within-minutes', '0.02')).toMatchObject({ code: 1, err: expect.stringMatching(sentence) });
  });

  test('goes back to nothing whose migrations were never run there', async () => {
    aws = await startFakeAws(() => parameter(child));
    expect(await gate('--migrated-in', 'production')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no release to go back to'),
    });
    expect(called()).toEqual(['GetParameter']);
  });
});

describe('the snapshot', () => {
  const name = 'quittance-production-v0-2-0-aaaaaaaaaaaa';
  const snapshot = (environment: string, ...more: string[]) =>
    runPipelineStep(
      'snapshot.ts',
      ['--environment', environment, '--release', 'v0.2.0', '--digest', digest, ...quick, ...more],
      aws.env,
    );
  const seen = (kind: 'DBSnapshot' | 'DBClusterSnapshot', status: string): AwsAnswer => ({
    xml: `<${kind}s><${kind}><Status>${status}</Status></${kind}></${kind}s>`,
  });
  const answering =
    (...states: string[]) =>
    ({ operation }: AwsCall, nth: number): AwsAnswer => {
      const kind = operation.includes('Cluster') ? 'DBClusterSnapshot' : 'DBSnapshot';
      return operation.startsWith('Create') ? { xml: '' } : seen(kind, states[nth] ?? states.at(-1) ?? '');
    };

  test('of a cluster has the name of the release, and is waited for', async () => {
    aws = await startFakeAws(answering('creating', 'available'));
    expect(await snapshot('production')).toMatchObject({ code: 0, outputs: { snapshot: name } });
    expect(called()).toEqual(['CreateDBClusterSnapshot', 'DescribeDBClusterSnapshots', 'DescribeDBClusterSnapshots']);
    expect(aws.calls[0]?.input).toMatchObject({
      DBClusterSnapshotIdentifier: name,
      DBClusterIdentifier: 'quittance-production',
    });
  });

  test('of a server is another call; one that an earlier try made is taken', async () => {
    const answer = answering('available');
    aws = await startFakeAws((call, nth) =>
      call.operation === 'CreateDBSnapshot' ? { refusal: 'DBSnapshotAlreadyExists' } : answer(call, nth),
    );
    expect(await snapshot('staging')).toMatchObject({ code: 0 });
    expect(called()).toEqual(['CreateDBSnapshot', 'DescribeDBSnapshots']);
  });

  test.each([
    ['failed', /is failed. No migration was run/],
    ['creating', /is not there. No migration was run/],
  ])('that stays %s stops the release before its migrations', async (state, sentence) => {
    aws = await startFakeAws(answering(state));
    expect(await snapshot('production', '--within-minutes', '0.02')).toMatchObject({
      code: 1,
      err: expect.stringMatching(sentence),
    });
  });
});

describe('the list of what was migrated', () => {
  const migrated = () => runPipelineStep('migrated.ts', ['--environment', 'staging', '--digest', digest], aws.env);
  const kept = (list: string | null) => (list === null ? { refusal: 'ParameterNotFound' } : parameter(list));
  test.each([
    ['begins with the first', 'none', digest],
    ['is made where there is none', null, digest],
    ['has the newest first', child, `${digest},${child}`],
    ['has each once', `${child},${digest}`, `${digest},${child}`],
  ])('%s', async (_how, before, after) => {
    aws = await startFakeAws(({ operation }) => (operation === 'GetParameter' ? kept(before) : { json: {} }));
    expect(await migrated()).toMatchObject({ code: 0 });
    expect(aws.calls[1]?.input).toMatchObject({ Name: '/quittance/staging/migrated', Value: after, Overwrite: true });
  });
});

describe('a version of Temporal', () => {
  test.each([
    [null, '1.29.1', null],
    ['1.29.1', '1.29.1', null],
    ['1.29.1', '1.29.3', null],
    ['1.29.1', '1.30.0', null],
    ['1.29.1', '1.31.0', 'leaves a minor version out: deploy 1.30 first'],
    ['1.30.0', '1.29.1', 'is older than 1.30.0'],
    ['1.30.2', '1.30.1', 'is older than 1.30.2'],
    ['1.30.0', '2.0.0', 'another major version'],
  ])('%s to %s', (before, after, refusal) => {
    const found = refusedUpgrade(before, after);
    if (refusal === null) expect(found).toBeNull();
    else expect(found).toContain(refusal);
  });

  const schema = (environment: string, version: string) =>
    runPipelineStep(
      'temporal-schema.ts',
      [
        '--environment',
        environment,
        '--version',
        version,
        '--tools',
        `docker.io/temporalio/admin-tools@${digest}`,
        ...quick,
      ],
      aws.env,
    );
  const account = ({ operation }: AwsCall): AwsAnswer => {
    const answers: Record<string, AwsAnswer> = {
      GetParameter: parameter('1.29.1'),
      DescribeTaskDefinition: {
        json: {
          taskDefinition: {
            ...{ family: 'quittance-staging-temporal-schema', revision: 3, status: 'ACTIVE', taskDefinitionArn: 'a:3' },
            containerDefinitions: [
              { name: 'temporal-schema', image: 'docker.io/temporalio/admin-tools@sha256:old' },
              { name: 'prepare', image: 'ours' },
            ],
          },
        },
      },
      RegisterTaskDefinition: { json: { taskDefinition: { taskDefinitionArn: 'a:4' } } },
      DescribeSubnets: { xml: '<subnetSet><item><subnetId>subnet-a</subnetId></item></subnetSet>' },
      DescribeSecurityGroups: { xml: '<securityGroupInfo><item><groupId>sg-1</groupId></item></securityGroupInfo>' },
      RunTask: { json: { tasks: [{ taskArn: 'arn:task/c/1' }] } },
      DescribeTasks: {
        json: { tasks: [{ lastStatus: 'STOPPED', containers: [{ name: 'temporal-schema', exitCode: 0 }] }] },
      },
      PutParameter: { json: {} },
    };
    return answers[operation] ?? refuse;
  };

  test('gets its schema by its own tools, before any server is deployed', async () => {
    aws = await startFakeAws(account);
    expect(await schema('staging', '1.30.0')).toMatchObject({ code: 0, outputs: { temporal: 'updated' } });
    const registered = aws.calls.find(({ operation }) => operation === 'RegisterTaskDefinition')?.input;
    expect(registered).toMatchObject({
      family: 'quittance-staging-temporal-schema',
      containerDefinitions: [{ image: `docker.io/temporalio/admin-tools@${digest}` }, { image: 'ours' }],
    });
    expect(Object.keys(registered ?? {})).not.toContain('revision');
    expect(aws.calls.find(({ operation }) => operation === 'RunTask')?.input).toMatchObject({ taskDefinition: 'a:4' });
    expect(aws.calls.at(-1)?.input).toMatchObject({ Name: '/quittance/staging/temporal/version', Value: '1.30.0' });
  });

  test('that leaves one out is refused before a task is run', async () => {
    aws = await startFakeAws(account);
    expect(await schema('staging', '1.31.0')).toMatchObject({
      code: 1,
      err: expect.stringContaining('deploy 1.30 first'),
    });
    expect(called()).toEqual(['GetParameter']);
  });

  test('of Temporal Cloud is not ours', async () => {
    aws = await startFakeAws(account);
    expect(await schema('production', '1.31.0')).toMatchObject({ code: 0, outputs: { temporal: 'cloud' } });
    expect(called()).toEqual([]);
  });
});

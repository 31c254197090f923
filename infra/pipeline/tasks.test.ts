import { afterEach, describe, expect, test } from '@jest/globals';
import { runPipelineStep } from '../../test/support/harness/pipeline-step.ts';
import { type AwsAnswer, type AwsCall, type FakeAws, startFakeAws } from '../../test/support/servers/aws.ts';

let aws: FakeAws;
afterEach(() => aws.close());

const arn = 'arn:aws:ecs:eu-central-1:111111111111:task/quittance-staging/0a1b2c';
const quick = ['--every-ms', '10', '--within-minutes', '4'];

/** An account in which one task can be run; `more` answers what a case is about. */
const account =
  (more: (call: AwsCall, nth: number) => AwsAnswer | null = () => null) =>
  (call: AwsCall, nth: number): AwsAnswer => {
    const answer = more(call, nth);
    if (answer !== null) return answer;
    switch (call.operation) {
      case 'DescribeSubnets':
        return {
          xml: '<subnetSet><item><subnetId>subnet-b</subnetId></item><item><subnetId>subnet-a</subnetId></item></subnetSet>',
        };
      case 'DescribeSecurityGroups':
        return { xml: '<securityGroupInfo><item><groupId>sg-1</groupId></item></securityGroupInfo>' };
      case 'RunTask':
        return { json: { tasks: [{ taskArn: arn }], failures: [] } };
      case 'DescribeTasks':
        return nth === 0 ? running : ended({ name: 'migration', exitCode: 0 });
      case 'GetLogEvents':
        return { json: { events: [{ message: 'relation "x" does not exist\n' }] } };
      case 'StopTask':
        return { json: {} };
      default:
        return { refusal: 'UnknownOperationException' };
    }
  };
const running: AwsAnswer = { json: { tasks: [{ lastStatus: 'RUNNING' }] } };
const ended = (container: object, stoppedReason = 'Essential container in task exited'): AwsAnswer => ({
  json: { tasks: [{ lastStatus: 'STOPPED', stoppedReason, containers: [container] }] },
});
const migrate = (...more: string[]) =>
  runPipelineStep(
    'run-task.ts',
    ['--environment', 'staging', '--name', 'migration', '--layer', 'migration', ...quick, ...more],
    aws.env,
  );
const called = () => aws.calls.map(({ operation }) => operation);

describe('a task', () => {
  test('runs in the private subnets, in the group of its layer, and its end is waited for', async () => {
    aws = await startFakeAws(account());
    expect(await migrate('--command', 'node drizzle/migrate.ts')).toMatchObject({ code: 0, err: '' });
    expect(called()).toEqual([
      'DescribeSubnets',
      'DescribeSecurityGroups',
      'RunTask',
      'DescribeTasks',
      'DescribeTasks',
    ]);
    expect(aws.calls[1]?.input).toMatchObject({ 'Filter.2.Value.1': 'Groupsmigration????????' });
    expect(aws.calls[2]?.input).toMatchObject({
      cluster: 'quittance-staging',
      taskDefinition: 'quittance-staging-migration',
      clientToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-a', 'subnet-b'],
          securityGroups: ['sg-1'],
          assignPublicIp: 'DISABLED',
        },
      },
      overrides: { containerOverrides: [{ name: 'migration', command: ['node', 'drizzle/migrate.ts'] }] },
    });
  });

  test.each<[string, AwsAnswer, RegExp]>([
    ['ends with 1', ended({ name: 'migration', exitCode: 1 }), /failed: exit code 1.*\n.*relation "x" does not exist/s],
    [
      'stops without an exit code',
      ended({ name: 'migration', reason: 'CannotPullContainerError' }, 'Task failed to start'),
      /without an exit code: Task failed to start; migration: CannotPullContainerError/,
    ],
    ['is known to ECS no longer', { json: { tasks: [], failures: [{ reason: 'MISSING' }] } }, /ECS does not know it/],
  ])('fails the release when it %s', async (_how, answer, sentence) => {
    aws = await startFakeAws(account(({ operation }) => (operation === 'DescribeTasks' ? answer : null)));
    expect(await migrate()).toMatchObject({ code: 1, err: expect.stringMatching(sentence) });
  });

  test('fails the release when it does not start, and says that nothing was changed', async () => {
    const none: AwsAnswer = { json: { tasks: [], failures: [{ reason: 'RESOURCE:FARGATE' }] } };
    aws = await startFakeAws(account(({ operation }) => (operation === 'RunTask' ? none : null)));
    expect(await migrate()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/RESOURCE:FARGATE.*Nothing was changed/s),
    });
  });

  test('is stopped when it is not through in time', async () => {
    aws = await startFakeAws(account(({ operation }) => (operation === 'DescribeTasks' ? running : null)));
    const run = await migrate('--within-minutes', '0.01');
    expect(run).toMatchObject({ code: 1, err: expect.stringMatching(/has not ended.*It is being stopped/) });
    expect(called().at(-1)).toBe('StopTask');
  });

  test('is started once although ECS throttles: the tries have one token', async () => {
    aws = await startFakeAws(
      account(({ operation }, nth) =>
        operation === 'RunTask' && nth === 0 ? { refusal: 'ThrottlingException' } : null,
      ),
    );
    expect(await migrate()).toMatchObject({ code: 0 });
    const tokens = aws.calls
      .filter(({ operation }) => operation === 'RunTask')
      .map(({ input }) => input['clientToken']);
    expect(tokens).toEqual([tokens[0], tokens[0]]);
  });

  test('that is not allowed fails the release with the word of AWS', async () => {
    aws = await startFakeAws(
      account(({ operation }) => (operation === 'RunTask' ? { refusal: 'AccessDeniedException' } : null)),
    );
    expect(await migrate()).toMatchObject({ code: 1, err: expect.stringContaining('AccessDeniedException') });
  });
});

test.each([
  [['--environment', 'qa', '--name', 'migration', '--layer', 'migration'], '--environment'],
  [['--environment', 'staging', '--name', 'Migration', '--layer', 'migration'], '--name'],
  [['--environment', 'staging', '--name', 'migration'], '--layer'],
  [['--environmnet', 'staging'], 'environmnet'],
])('options that are wrong or missing are named, and nothing is called: %j', async (args, name) => {
  aws = await startFakeAws(account());
  expect(await runPipelineStep('run-task.ts', args, aws.env)).toMatchObject({
    code: 2,
    err: expect.stringContaining(name),
  });
  expect(aws.calls).toEqual([]);
});

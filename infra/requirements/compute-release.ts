import { isFromStore, serviceType } from './compute-parts.ts';
import { at, expected, isObject, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import { containersOf, imageOf, ownContainersOf, programOf, settingsOf, tasksOf } from './tasks.ts';

/** How releases and programs run: requirement 001's and 003's rows about deployments, images, roles and settings. */
export const computeReleaseRows: readonly Row[] = [
  {
    id: 'compute/spot',
    source: ['001'],
    requirement: 'Spot in development and staging',
    answer:
      'API and workers, all but the first task of each; not Temporal’s servers, whose shards move with each that goes.',
    check: ({ environment, resources }) => {
      const wanted: Json =
        environment.name === 'production'
          ? [{ CapacityProvider: 'FARGATE', Weight: 1 }]
          : [
              { CapacityProvider: 'FARGATE', Base: 1, Weight: 1 },
              { CapacityProvider: 'FARGATE_SPOT', Weight: 4 },
            ];
      const own = ['Api', 'Workers', 'Scaler'].flatMap((stack) => resources(stack, serviceType));
      const others = ['Temporal', 'Simulator', 'CodecServer'].flatMap((stack) => resources(stack, serviceType));
      return [
        ...own.flatMap(({ id, properties }) => expected(id, at(properties, 'CapacityProviderStrategy'), wanted)),
        ...others.flatMap(({ id, properties }) =>
          expected(id, at(properties, 'CapacityProviderStrategy'), [{ CapacityProvider: 'FARGATE', Weight: 1 }]),
        ),
      ];
    },
  },
  {
    id: 'compute/release-strategy',
    source: ['000', '001'],
    requirement: 'blue/green in production; canary as a later step',
    answer:
      'A canary is a blue/green release with a first step: both sets stand side by side, a tenth of the requests goes to the new one for ten minutes, then all, and the old set waits for another quarter of an hour. Staging moves all at once after its test, development task by task. ECS does it itself.',
    check: ({ environment, only }) => {
      const { properties } = only('Api', serviceType);
      const wanted: Record<string, Json> = {
        development: { Strategy: 'ROLLING' },
        staging: { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 5 },
        production: {
          Strategy: 'CANARY',
          BakeTimeInMinutes: 15,
          CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 10 },
        },
      };
      const [balanced] = listAt(properties, 'LoadBalancers');
      const shifts = isObject(at(balanced, 'AdvancedConfiguration'));
      return [
        ...expected('the release', at(properties, 'DeploymentConfiguration'), wanted[environment.name] ?? null),
        ...expected('shifts traffic', shifts, environment.name !== 'development'),
      ];
    },
  },
  {
    id: 'compute/rollback',
    source: ['000', '001'],
    requirement: 'an automatic rollback',
    answer:
      'Every service goes back when its tasks do not come up. The API also when an alarm is raised: in production errors of balancer and tasks, slowness, unhealthy tasks, and the two that the ledger raises when its database refuses what does not balance.',
    check: ({ environment, resources }) =>
      resources('*', serviceType).flatMap(({ id, stack, properties }) => {
        const alarms = listAt(properties, 'DeploymentConfiguration', 'Alarms', 'AlarmNames').map(String);
        const fewest = { development: 2, staging: 3, production: 8 }[environment.name];
        return [
          ...expected(id, at(properties, 'DeploymentConfiguration', 'DeploymentCircuitBreaker'), {
            Enable: true,
            Rollback: true,
          }),
          ...(stack === 'Api'
            ? [
                ...(alarms.length >= fewest ? [] : [`${id} watches ${alarms.length} alarms`]),
                ...expected(`${id} goes back`, at(properties, 'DeploymentConfiguration', 'Alarms'), {
                  Enable: true,
                  Rollback: true,
                }),
              ]
            : []),
        ];
      }),
  },
  {
    id: 'compute/rollback-alarms-exist',
    source: ['platform'],
    requirement: 'what a release is watched by is there',
    answer: 'Each alarm that the service names is made by Observability.',
    check: ({ resources, only }) => {
      const named = listAt(only('Api', serviceType).properties, 'DeploymentConfiguration', 'Alarms', 'AlarmNames');
      const made = new Set(
        resources('*', 'AWS::CloudWatch::Alarm').map(({ properties }) => textAt(properties, 'AlarmName')),
      );
      return named.filter((name) => !made.has(String(name))).map((name) => `there is no alarm ${String(name)}`);
    },
  },
  {
    id: 'compute/release-hooks',
    source: ['platform'],
    requirement: 'no release reaches clients untested, and none whose migrations were left out',
    answer:
      'Staging and production call a function that asks the new tasks on the test listener first, and production one before that lets in only signed images whose migrations were run. This row reads the stages and which key is read; what the functions do has tests of its own (infra/api/hooks). The smoke test’s tenant and key are made by an operator’s command, which puts the key where only it is read (docs/aws/run-an-operator-command.md). In development, where ECS replaces tasks one by one and asks no function, the pipeline makes the same test after the deployment.',
    check: ({ environment, only, target }) => {
      const hooks = listAt(only('Api', serviceType).properties, 'DeploymentConfiguration', 'LifecycleHooks');
      const wanted = {
        development: [],
        staging: ['POST_TEST_TRAFFIC_SHIFT'],
        production: ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT'],
      }[environment.name];
      return [
        ...expected(
          'stages',
          hooks.flatMap((hook) => listAt(hook, 'LifecycleStages')),
          [...wanted],
        ),
        ...hooks
          .filter((hook) => target(at(hook, 'HookTargetArn'))?.type !== 'AWS::Lambda::Function')
          .map((hook) => `no function of ours is called at ${listAt(hook, 'LifecycleStages').join(', ')}`),
      ];
    },
  },
  {
    id: 'compute/images-by-digest',
    source: ['003'],
    requirement: 'the image of tag `latest`',
    answer: 'Every image by what is in it: a tag can move under a running service, a digest cannot.',
    check: (synthesised) =>
      containersOf(synthesised).flatMap((container) => {
        const image = imageOf(container);
        const isResolved = at(container.definition, 'VersionConsistency') === 'enabled';
        return [
          ...(/@sha256:[0-9a-f]{64}$/.test(image) ? [] : [`${container.name} runs ${image}`]),
          ...(isResolved ? [] : [`${container.name} may differ from task to task`]),
        ];
      }),
  },
  {
    id: 'compute/roles-apart',
    source: ['001', '003'],
    requirement: 'one role to start tasks, one for what they do, without wildcards',
    answer:
      'Two roles for each program, of that program alone; only ECS of this account may take them on. Which secrets each reads is in the snapshots and not read here.',
    check: (synthesised) => {
      const roles = tasksOf(synthesised).flatMap(({ properties }) => [
        textAt(properties, 'ExecutionRoleArn'),
        textAt(properties, 'TaskRoleArn'),
      ]);
      return [
        ...expected('roles', new Set(roles).size, roles.length),
        ...roles.flatMap((arn) => {
          const role = synthesised.target(arn);
          const [trust] = listAt(role?.properties, 'AssumeRolePolicyDocument', 'Statement');
          return expected(`who takes ${arn} on`, trust, {
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': synthesised.deployment.account } },
          });
        }),
      ];
    },
  },
  {
    id: 'compute/settings-are-injected',
    source: ['001', '003'],
    requirement: 'secrets are given to a program when it starts, and settings stand in the parameter store',
    answer:
      'No container has a value in its definition: each setting is a parameter, each secret one of Secrets Manager. A parameter’s name ends in a hash of its value, so a rollback of tasks is a rollback of settings.',
    check: (synthesised) =>
      containersOf(synthesised).flatMap(({ name, definition }) => [
        ...listAt(definition, 'Environment').map((entry) => `${name} has ${textAt(entry, 'Name')} in its definition`),
        ...listAt(definition, 'Secrets')
          .filter((entry) => !isFromStore(synthesised, textAt(entry, 'ValueFrom')))
          .map((entry) => `${name} has ${textAt(entry, 'Name')} from ${textAt(entry, 'ValueFrom')}`),
      ]),
  },
  {
    id: 'compute/containers',
    source: ['platform'],
    requirement: 'a program that is taken over can do little',
    answer:
      'Not root, the root filesystem read-only with a folder for temporary files, an init process, logs that never block it. Temporal’s page and the codec server alone can be written to: people open sessions into them. Programs leave bank accounts out of their logs themselves, and CloudWatch masks what got in (observability/masking).',
    check: (synthesised) =>
      containersOf(synthesised).flatMap(({ name, definition }) => [
        ...expected(
          `${name}: read-only`,
          at(definition, 'ReadonlyRootFilesystem'),
          !/ (temporal-ui|codec-server)$/.test(name),
        ),
        ...(/^[1-9]\d*(:[1-9]\d*)?$/.test(textAt(definition, 'User'))
          ? []
          : [`${name} runs as ${textAt(definition, 'User')}`]),
        ...expected(`${name}: init`, at(definition, 'LinuxParameters', 'InitProcessEnabled'), true),
        ...expected(`${name}: log`, at(definition, 'LogConfiguration'), {
          LogDriver: 'awslogs',
          Options: { mode: 'non-blocking' },
        }),
        ...(at(definition, 'Privileged') === true ? [`${name} is privileged`] : []),
      ]),
  },
  {
    id: 'compute/stop',
    source: ['platform'],
    requirement: 'a task that is ended loses no work',
    answer: 'Fargate waits for longer than the program does; no longer than two minutes, which is its limit.',
    check: (synthesised) =>
      ownContainersOf(synthesised).flatMap((container) => {
        const graceMs = Number(settingsOf(synthesised, container)['SHUTDOWN_GRACE_MS'] ?? 0);
        const stopSeconds = Number(at(container.definition, 'StopTimeout'));
        return stopSeconds * 1_000 >= graceMs && stopSeconds <= 120
          ? []
          : [`${container.name} is ended after ${stopSeconds} s, and takes ${graceMs} ms`];
      }),
  },
  {
    id: 'compute/no-shell',
    source: ['003'],
    requirement: 'a way to look into a running task',
    answer:
      'None: logs and figures are outside. A session opens only into Temporal’s page and the codec server, for their ports, and production has neither.',
    check: ({ resources }) =>
      resources('*', serviceType).flatMap(({ id, properties }) =>
        expected(
          `sessions into ${id}`,
          at(properties, 'EnableExecuteCommand') ?? false,
          ['temporal-ui', 'codec-server'].includes(textAt(properties, 'ServiceName')),
        ),
      ),
  },
  {
    id: 'compute/collector',
    source: ['001'],
    requirement: 'traces in X-Ray, metrics in CloudWatch',
    answer:
      'A collector beside every program that stays (the scaler writes its figures as lines, which need none): figures twice a minute, and a door for traces in the open protocol for X-Ray, whose own daemon is no longer developed. It never takes the program down. Not there yet: an SDK in the programs, so no trace is sent; and rules for sampling.',
    check: (synthesised) =>
      synthesised
        .resources('*', serviceType)
        .filter(({ properties }) => !['simulator', 'temporal-ui', 'scaler'].includes(textAt(properties, 'ServiceName')))
        .flatMap(({ id, properties }) => {
          const task = synthesised.target(at(properties, 'TaskDefinition'));
          const collector = containersOf(synthesised).find(
            (container) => container.task === task && textAt(container.definition, 'Name') === 'collector',
          );
          if (collector === undefined) return [`${id} has no collector`];
          const content = settingsOf(synthesised, collector)['AOT_CONFIG_CONTENT'] ?? '';
          return [
            ...expected(`${id}: essential`, at(collector.definition, 'Essential'), false),
            ...['awsxray', 'awsemf', `Quittance/${synthesised.environment.name}`]
              .filter((word) => !content.includes(word))
              .map((word) => `the collector of ${id} does not say ${word}`),
          ];
        }),
  },
  {
    id: 'compute/simulator',
    source: ['platform'],
    requirement: 'banks to try against, where there are no banks',
    answer: 'The simulator as a service in development and staging, under a private name; production refuses it.',
    check: ({ environment, resources, stacks }) =>
      environment.name === 'production'
        ? Object.keys(stacks)
            .filter((stack) => stack === 'Simulator')
            .map(() => 'production has a simulator')
        : expected('simulators', resources('Simulator', serviceType).length, 1),
  },
  {
    id: 'compute/migration-first',
    source: ['platform'],
    requirement: 'the schema of a release is there before its tasks',
    answer:
      'A stack with the task alone, which is run before the services are deployed. First a container makes sure of the logins, with the master’s password, which nothing else gets. The pipeline makes a snapshot, runs the task, and writes the digest into the parameter that production compares before it lets tasks in (delivery/release-rights).',
    check: (synthesised) => {
      const migration = programOf(synthesised, 'migration');
      const services = synthesised.resources('Migration', serviceType).length;
      const master = containersOf(synthesised).filter(({ definition }) =>
        listAt(definition, 'Secrets').some((secret) => textAt(secret, 'Name') === 'SERVER_MASTER'),
      );
      return [
        ...expected('services beside it', services, 0),
        ...expected('before it', at(migration.definition, 'DependsOn'), [
          { ContainerName: 'prepare', Condition: 'SUCCESS' },
        ]),
        ...master
          .filter(({ definition }) => textAt(definition, 'Name') !== 'prepare')
          .map(({ name }) => `${name} gets the master's password`),
      ];
    },
  },
];

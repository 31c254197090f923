import { workerKinds, workerRoles } from '../workers/kinds.ts';
import { at, expected, listAt, textAt } from './json.ts';
import { payloadProblems } from './payloads.ts';
import type { Row } from './row.ts';
import { containersOf, imageOf, programOf, settingsOf } from './tasks.ts';
import {
  scalerProblems,
  scalingProblems,
  serverContainer,
  serverTasks,
  serviceType,
  workerFamilies,
} from './temporal-parts.ts';

/** What Temporal's servers start with, its page, and the workers beside it. */
export const temporalWorkersRows: readonly Row[] = [
  {
    id: 'temporal/shards',
    source: ['platform'],
    requirement: 'the number of shards never changes',
    answer: '512 in staging, 4 in development, sealed here: every workflow belongs to one of them until it ends.',
    check: (synthesised) =>
      serverTasks(synthesised).flatMap((task) =>
        expected(
          `shards of ${textAt(task.properties, 'Family')}`,
          settingsOf(synthesised, serverContainer(synthesised, task))['NUM_HISTORY_SHARDS'],
          { development: '4', staging: '512', production: '' }[synthesised.environment.name],
        ),
      ),
  },
  {
    id: 'temporal/password-by-token',
    source: ['platform'],
    requirement: 'the server logs in to its database without a password',
    answer:
      'A container of ours beside it writes a token each five minutes, and the server reads it for each connection. The server starts after the first one.',
    check: (synthesised) =>
      serverTasks(synthesised).flatMap((task) => {
        const server = serverContainer(synthesised, task);
        const tokens = containersOf(synthesised).find(
          (container) => container.task === task && textAt(container.definition, 'Name') === 'tokens',
        );
        const passwords = Object.keys(settingsOf(synthesised, server)).filter((name) => /PWD|PASSWORD/.test(name));
        return [
          ...passwords.map((name) => `${server.name} has ${name}`),
          ...expected(`${server.name} waits for`, listAt(server.definition, 'DependsOn'), [
            { ContainerName: 'tokens', Condition: 'HEALTHY' },
          ]),
          ...expected(`tokens of ${server.name}`, at(tokens?.definition, 'Essential'), true),
        ];
      }),
  },
  {
    id: 'temporal/schema-first',
    source: ['platform'],
    requirement: 'schema and namespace are there before the server',
    answer:
      'A task that is run before each version of the server, which changes nothing when it is run again; and one for the namespace. Not the image that sets itself up at each start. Not there yet: a pipeline that runs it, and that refuses an upgrade of two minor versions at once: both are for who deploys to see to.',
    check: (synthesised) => {
      if (synthesised.environment.temporal.mode === 'cloud') return [];
      const schema = programOf(synthesised, 'temporal-schema').definition;
      const text = listAt(schema, 'Command').join(' ');
      const namespace = listAt(programOf(synthesised, 'temporal-namespace').definition, 'Command').join(' ');
      return [
        ...['setup-schema --version 0.0', '/temporal/versioned', '/visibility/versioned']
          .filter((part) => !text.includes(part))
          .map((part) => `the schema task does not say ${part}`),
        ...(namespace.includes('namespace create --namespace quittance') ? [] : ['no namespace is made']),
        ...containersOf(synthesised)
          .filter((container) => imageOf(container).includes('auto-setup'))
          .map(({ name }) => `${name} sets itself up`),
      ];
    },
  },
  {
    id: 'temporal/ui-inside',
    source: ['platform'],
    requirement: 'operators look at workflows; nobody outside does',
    answer:
      'Nothing leads to Temporal’s page. Who may open a session into its task gets its port, signs in there as a person of our pool with a second factor, sees, and changes nothing: two rights, and CloudTrail and Cognito each say who used theirs. Temporal Cloud has its own page with its own sign-in.',
    check: (synthesised) => {
      if (synthesised.environment.temporal.mode === 'cloud') return [];
      const [page] = synthesised.resources('Temporal', serviceType, { ServiceName: 'temporal-ui' });
      const settings = settingsOf(synthesised, programOf(synthesised, 'temporal-ui'));
      const [client] = synthesised.resources('Temporal', 'AWS::Cognito::UserPoolClient');
      const group = listAt(page?.properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups').map(
        String,
      );
      const ways = synthesised
        .resources('*', 'AWS::EC2::SecurityGroupIngress')
        .filter(({ properties }) => group.includes(String(properties['GroupId'])));
      const inline = group.flatMap((one) => listAt(synthesised.target(one)?.properties, 'SecurityGroupIngress'));
      return [
        ...expected('ways to it', ways.length + inline.length, 0),
        ...expected('balancers', listAt(page?.properties, 'LoadBalancers').length, 0),
        ...expected('changes nothing', settings['TEMPORAL_DISABLE_WRITE_ACTIONS'], 'true'),
        ...expected('asks who looks', settings['TEMPORAL_AUTH_ENABLED'], 'true'),
        ...expected(
          'who answers',
          settings['TEMPORAL_AUTH_PROVIDER_URL']?.startsWith(
            `https://cognito-idp.${synthesised.deployment.region}.amazonaws.com/\${Identity.`,
          ),
          true,
        ),
        ...expected('leads back to', at(client?.properties, 'CallbackURLs'), [
          'http://localhost:8080/auth/sso/callback',
        ]),
      ];
    },
  },
  {
    id: 'temporal/payloads',
    source: ['platform'],
    requirement: 'who keeps workflows cannot read what they are about',
    answer:
      'Everything that Temporal stores of a workflow is encrypted by our programs, with data keys of a key of KMS that is for this alone, in each environment. Who starts, runs or asks workflows makes and opens data keys; the codec server, which shows their content to operators, only opens them; nobody else uses the key. It is reached by a session into its task, as Temporal’s page is, and lets in a key of the API that may operate; production has none, because browsers send no such sign-in from the page of Temporal Cloud, which is on another host. The programs refuse Temporal Cloud without a key.',
    check: (synthesised) => payloadProblems(synthesised),
  },
  {
    id: 'temporal/worker-versions',
    source: ['platform'],
    requirement: 'a new version of the workers takes over without a failed workflow',
    answer:
      'Each live version is a service of its own for each kind of worker, with its own image; which ones live is data of the deployment. Not there yet: the version in Temporal. Workers do not say theirs, so Temporal gives any task to any version, and nothing ramps; a change of a workflow has to replay the histories of the one before.',
    check: (synthesised) => {
      const wanted = synthesised.deployment.workerVersions.flatMap(({ build }) =>
        workerKinds.map((kind) => `${kind}-${build.replaceAll('.', '-')}`),
      );
      const services = synthesised
        .resources('Workers', serviceType)
        .map(({ properties }) => textAt(properties, 'ServiceName'));
      return [
        ...expected('services', services.toSorted(), wanted.toSorted()),
        ...synthesised.deployment.workerVersions.flatMap(({ build, imageDigest }) =>
          workerKinds.flatMap((kind) => {
            const program = programOf(synthesised, `${kind}-${build.replaceAll('.', '-')}`);
            return imageOf(program).endsWith(`@${imageDigest}`) ? [] : [`${kind} ${build} has another image`];
          }),
        ),
      ];
    },
  },
  {
    id: 'temporal/worker-roles',
    source: ['002'],
    requirement: 'work that may take long takes nothing from transfers',
    answer: 'Two kinds of worker, each a service: what moves money, and what makes statements and the archive.',
    check: (synthesised) =>
      workerKinds.flatMap((kind) =>
        workerFamilies(synthesised)
          .filter((family) => family.startsWith(`${kind}-`))
          .flatMap((family) =>
            expected(
              `roles of ${family}`,
              settingsOf(synthesised, programOf(synthesised, family))['WORKER_ROLES'],
              workerRoles[kind].join(','),
            ),
          ),
      ),
  },
  {
    id: 'temporal/worker-stop',
    source: ['platform'],
    requirement: 'a worker that is ended finishes what it has',
    answer:
      'It has 100 s, and Fargate waits for its two minutes; what takes longer reports itself and goes on elsewhere.',
    check: (synthesised) =>
      workerFamilies(synthesised).flatMap((family) => {
        const program = programOf(synthesised, family);
        return [
          ...expected(`${family} has`, settingsOf(synthesised, program)['SHUTDOWN_GRACE_MS'], '100000'),
          ...expected(`${family} is ended after`, at(program.definition, 'StopTimeout'), 120),
        ];
      }),
  },
  {
    id: 'temporal/backlog-scaling',
    source: ['002'],
    requirement: 'workers scale with the depth of a queue',
    answer:
      'Rules for what waits for each worker (50), for the age of the oldest (30 s), for the slots that are used (70 %), and for the processor (70 %): depth alone says nothing of slow tasks. A version that drains keeps one task. The scaler, a service of its own, measures the first two each 20 s under the names that the rules read.',
    check: (synthesised) =>
      synthesised
        .resources('Workers', 'AWS::ApplicationAutoScaling::ScalableTarget')
        .filter(({ properties }) => at(properties, 'MinCapacity') !== at(properties, 'MaxCapacity'))
        .flatMap((target) => scalingProblems(synthesised, target))
        .concat(scalerProblems(synthesised)),
  },
];

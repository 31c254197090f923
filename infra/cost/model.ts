import type { Environment } from '../environment/schema.ts';
import { assumptions, monthHours } from './assumptions.ts';
import { priceOf, prices } from './prices.ts';

/** One row of a month's bill in US dollars: with as few tasks as the configuration allows, and with as many. */
export type Item = { name: string; lowest: number; highest: number; how: string };

/** A month of an environment at list prices, item by item. Traffic is that of {@link assumptions}; tax and support are not in it. */
export function costOf(environment: Environment): Item[] {
  return [
    api(environment),
    workers(environment),
    simulator(environment),
    smallServices(environment),
    ...temporal(environment),
    database(environment),
    cache(environment),
    balancer(environment),
    nat(environment),
    endpoints(environment),
    edge(environment),
    objects(environment),
    observability(environment),
    keysAndSecrets(environment),
    backup(environment),
    governance(environment),
  ].filter(({ highest }) => highest > 0);
}

/** The sums of the items. */
export const totalOf = (items: readonly Item[]): { lowest: number; highest: number } => ({
  lowest: items.reduce((sum, { lowest }) => sum + lowest, 0),
  highest: items.reduce((sum, { highest }) => sum + highest, 0),
});

/** Interface endpoints of each choice; those of `minimal` stand in one zone. `cost.test.ts` counts them in the templates. */
export const endpointCount = { minimal: { services: 2, zones: 1 }, full: { services: 10, zones: 2 } };

/** Rules of the web access list, counted in the templates too. */
export const webRules = 8;

type Task = { cpu: number; memoryMiB: number };

/** A task for a month, at full price. */
const taskMonth = ({ cpu, memoryMiB }: Task, hours: number): number =>
  hours * ((cpu / 1024) * prices.fargateCoreHour.usd + (memoryMiB / 1024) * prices.fargateGibHour.usd);

/** Tasks of a service. On Spot the first one stays at full price: it is the base that is never taken away. */
function tasksMonth(task: Task, count: number, { name }: Environment, spot: boolean): number {
  const month = taskMonth(task, assumptions[name].awakeHours);
  return spot ? month * (1 + (count - 1) * prices.fargateSpot.usd) : month * count;
}

const size = ({ cpu, memoryMiB }: Task): string => `${cpu / 1024} vCPU, ${memoryMiB / 1024} GiB`;
const fixed = (name: string, usd: number, how: string): Item => ({ name, lowest: usd, highest: usd, how });

function api(environment: Environment): Item {
  const { tasks, spot } = environment.api;
  return {
    name: 'API',
    lowest: tasksMonth(environment.api, tasks.min, environment, spot),
    highest: tasksMonth(environment.api, tasks.max, environment, spot),
    how: `${tasks.min} to ${tasks.max} of ${size(environment.api)}${spot ? ', Spot above the first' : ''}`,
  };
}

function workers(environment: Environment): Item {
  const { transfers, records, spot } = environment.workers;
  return {
    name: 'Workers',
    lowest: [transfers, records].reduce(
      (sum, service) => sum + tasksMonth(service, service.tasks.min, environment, spot),
      0,
    ),
    highest: [transfers, records].reduce(
      (sum, service) => sum + tasksMonth(service, service.tasks.max, environment, spot),
      0,
    ),
    how: [transfers, records]
      .map((service) => `${service.tasks.min} to ${service.tasks.max} of ${size(service)}`)
      .join('; '),
  };
}

/** The size of the simulator's one task: it answers as a bank and keeps nothing. */
const simulatorTask = { cpu: 256, memoryMiB: 512 };

const simulator = (environment: Environment): Item =>
  fixed(
    "Banks' simulator",
    environment.simulator ? tasksMonth(simulatorTask, 1, environment, false) : 0,
    `1 of ${size(simulatorTask)}`,
  );

/** One small task each: what measures the task queues, and where Temporal's page is ours, what decrypts workflows for operators. */
function smallServices(environment: Environment): Item {
  const count = environment.temporal.mode === 'cloud' ? 1 : 2;
  return fixed(
    'Scaler and codec server',
    count * tasksMonth(simulatorTask, 1, environment, false),
    `${count} of ${size(simulatorTask)}`,
  );
}

function temporal({ temporal: choice, name }: Environment): Item[] {
  const { awakeHours } = assumptions[name];
  if (choice.mode === 'cloud')
    return [fixed('Temporal Cloud', prices.temporalCloudMonth.usd, 'the smallest plan; more by actions and storage')];
  if (choice.mode === 'all-in-one')
    return [fixed('Temporal', taskMonth(choice.server, awakeHours), `all roles in one task of ${size(choice.server)}`)];
  const { history, others, capacityUnits } = choice;
  const roles = history.count * taskMonth(history, awakeHours) + 3 * others.count * taskMonth(others, awakeHours);
  const unitMonth = 2 * monthHours * prices.auroraCapacityUnitHour.usd;
  return [
    fixed(
      'Temporal',
      roles + taskMonth(temporalUi, awakeHours),
      `history ${history.count} of ${size(history)}; three roles with ${others.count} of ${size(others)}; the UI`,
    ),
    {
      name: "Temporal's Aurora",
      lowest: capacityUnits.min * unitMonth,
      highest: capacityUnits.max * unitMonth,
      how: `writer and reader, ${capacityUnits.min} to ${capacityUnits.max} capacity units each`,
    },
  ];
}

const temporalUi = { cpu: 256, memoryMiB: 512 };

function database({ database: choice, name }: Environment): Item {
  const instance = priceOf(`${choice.engine} ${choice.instance}`) * monthHours;
  if (choice.engine === 'aurora') {
    const gib = assumptions[name].databaseGib;
    return fixed(
      'Database',
      (1 + choice.readers) * instance + gib * prices.auroraStorageGib.usd,
      `Aurora, a writer and ${choice.readers} readers of ${choice.instance}, ${gib} GiB`,
    );
  }
  const zones = choice.multiZone ? 2 : 1;
  return fixed(
    'Database',
    zones * (instance + choice.storageGiB * prices.rdsStorageGib.usd),
    `Postgres on ${choice.instance}, ${choice.storageGiB} GiB, in ${zones === 2 ? 'two zones' : 'one zone'}`,
  );
}

const cache = ({ cache: { node, nodes } }: Environment): Item =>
  fixed('Redis (Valkey)', nodes * priceOf(node) * monthHours, `${nodes} of ${node}`);

function balancer({ name }: Environment): Item {
  const units = assumptions[name].balancerUnits;
  return fixed(
    'Balancer',
    monthHours * (prices.balancerHour.usd + units * prices.balancerUnitHour.usd),
    `one, ${units} capacity units`,
  );
}

function nat({ name, network: { natGateways } }: Environment): Item {
  const gib = assumptions[name].natGib;
  return fixed(
    'NAT gateways',
    natGateways * monthHours * prices.natHour.usd + gib * prices.natGib.usd,
    `${natGateways}, ${gib} GiB`,
  );
}

function endpoints({ network, temporal: { mode } }: Environment): Item {
  const { services, zones } = endpointCount[network.endpoints];
  const link = mode === 'cloud' ? 2 : 0;
  return fixed(
    'Interface endpoints',
    (services * zones + link) * monthHours * prices.endpointHour.usd,
    `${services} services in ${zones === 1 ? 'one zone' : 'two zones'}${link > 0 ? ', and the private link to Temporal Cloud' : ''}`,
  );
}

const edge = (_environment: Environment): Item =>
  fixed(
    'CloudFront and WAF',
    prices.webAclMonth.usd + webRules * prices.webRuleMonth.usd,
    `${webRules} rules; requests within the free share`,
  );

function objects({ name, objects: { otherRegion } }: Environment): Item {
  const gib = assumptions[name].objectGib;
  const copies = otherRegion ? gib * prices.objectCopyGibMonth.usd : 0;
  return fixed(
    'Objects (S3)',
    gib * prices.objectGibMonth.usd + copies,
    `${gib} GiB${otherRegion ? ', and their copies in the other region' : ''}`,
  );
}

function observability({ name }: Environment): Item {
  const { logGib, alarms } = assumptions[name];
  return fixed(
    'CloudWatch',
    logGib * (prices.logGib.usd + prices.maskedGib.usd) +
      alarms * prices.alarmMonth.usd +
      dashboards * prices.dashboardMonth.usd,
    `${logGib} GiB of logs, which are masked, ${alarms} alarms, ${dashboards} dashboards`,
  );
}

/** Counted in the templates too. */
export const dashboards = 4;

function keysAndSecrets({ name }: Environment): Item {
  const { secrets } = assumptions[name];
  return fixed(
    'Keys and secrets',
    keys * prices.keyMonth.usd + secrets * prices.secretMonth.usd,
    `${keys} keys, ${secrets} secrets`,
  );
}

/** Six keys by class of data, the archive's signing key, the edge's own, and the copies' in the other region. */
export const keys = 9;

function backup({ name, recovery: { otherRegion } }: Environment): Item {
  const gib = assumptions[name].databaseGib * (otherRegion ? 2 : 1);
  return fixed('Backup copies', gib * prices.backupGibMonth.usd, `${gib} GiB${otherRegion ? ' in two regions' : ''}`);
}

const governance = ({ governance: choice }: Environment): Item =>
  fixed(
    'GuardDuty, Config, Security Hub',
    choice === 'own' ? prices.governanceMonth.usd : 0,
    "of this account; elsewhere the organisation's",
  );

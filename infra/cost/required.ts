import type { EnvironmentName } from '../environment/schema.ts';

/** What requirement 001 says a month of each environment costs, in US dollars, and of that the NAT gateways. */
export const required: Readonly<Record<EnvironmentName, { total: number; nat: number }>> = {
  development: { total: 90, nat: 30 },
  staging: { total: 160, nat: 30 },
  production: { total: 580, nat: 60 },
};

/** What the requirement's totals leave out, by the names of the model's items: API, database, balancer, NAT, objects and edge are in both. */
export const notRequired: Readonly<Record<string, string>> = {
  Workers: 'The requirement has no workers: its API calls the banks itself.',
  "Banks' simulator": 'Stands for the banks where there are none.',
  'Scaler and codec server':
    'Workers that grow with what waits, which requirement 002 asks for; and workflows that operators can read.',
  Temporal: 'Makes a transfer survive every crash; the requirement has nothing in its place.',
  'Temporal Cloud': 'The same, run by others: no shards and no upgrades of our own in production.',
  "Temporal's Aurora": "Apart from the ledger's, so that neither slows the other; least and most differ by load.",
  'Redis (Valkey)': 'Requirements 002 and 003 ask for it, 001 for later.',
  'Interface endpoints': 'Requirement 003: images, secrets and logs do not leave the private network.',
  'Keys and secrets': 'Requirement 003: keys of our own, one for each class of data.',
  'Backup copies': 'Requirement 001 asks for 35 days and a second region, and its table has no row for them.',
  'GuardDuty, Config, Security Hub': 'Asked for by requirement 001, and no row of its table.',
};

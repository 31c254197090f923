/**
 * List prices in US dollars, of us-east-1, without discounts. They are recalled and not looked up: nobody asked AWS for them when this was
 * written. Before a budget is planned they are compared with the price list; a change is an edit of one line.
 */
export const prices = {
  fargateCoreHour: { usd: 0.03238, per: 'vCPU and hour, ARM' },
  fargateGibHour: { usd: 0.00356, per: 'GiB and hour, ARM' },
  /** Of the list price: what Spot costs. */
  fargateSpot: { usd: 0.3, per: 'dollar of Fargate, on Spot' },
  'rds t3.micro': { usd: 0.018, per: 'hour, one zone' },
  'rds t3.small': { usd: 0.036, per: 'hour, one zone' },
  'rds t3.medium': { usd: 0.072, per: 'hour, one zone' },
  rdsStorageGib: { usd: 0.115, per: 'GiB and month, one zone' },
  'aurora t3.medium': { usd: 0.082, per: 'hour' },
  'aurora r7g.large': { usd: 0.276, per: 'hour' },
  auroraStorageGib: { usd: 0.1, per: 'GiB and month' },
  auroraCapacityUnitHour: { usd: 0.12, per: 'capacity unit and hour' },
  'cache.t4g.micro': { usd: 0.0128, per: 'node and hour' },
  'cache.t4g.small': { usd: 0.0256, per: 'node and hour' },
  'cache.t4g.medium': { usd: 0.052, per: 'node and hour' },
  balancerHour: { usd: 0.0225, per: 'hour' },
  balancerUnitHour: { usd: 0.008, per: 'capacity unit and hour' },
  natHour: { usd: 0.045, per: 'gateway and hour' },
  natGib: { usd: 0.045, per: 'GiB' },
  endpointHour: { usd: 0.01, per: 'interface endpoint, zone and hour' },
  webAclMonth: { usd: 5, per: 'list of rules and month' },
  webRuleMonth: { usd: 1, per: 'rule and month' },
  objectGibMonth: { usd: 0.023, per: 'GiB and month' },
  objectCopyGibMonth: { usd: 0.043, per: 'GiB and month, with the copy in the other region and the way there' },
  logGib: { usd: 0.5, per: 'GiB that is written' },
  maskedGib: { usd: 0.12, per: 'GiB that is looked through for what is masked' },
  alarmMonth: { usd: 0.1, per: 'alarm and month' },
  dashboardMonth: { usd: 3, per: 'dashboard and month' },
  keyMonth: { usd: 1, per: 'key and month' },
  secretMonth: { usd: 0.4, per: 'secret and month' },
  backupGibMonth: { usd: 0.095, per: 'GiB and month' },
  governanceMonth: { usd: 40, per: 'month: GuardDuty, Config, Security Hub of a small account' },
  temporalCloudMonth: { usd: 100, per: 'month: the smallest plan, one million actions in it' },
} as const satisfies Record<string, { usd: number; per: string }>;

export type PriceName = keyof typeof prices;

/** When the prices were written down. */
export const pricesOf = '2026-11-30';

/** The price of a class of machine. Throws when the table has none: a class that is configured must have a price. */
export function priceOf(name: string): number {
  const price = Object.entries(prices).find(([known]) => known === name);
  if (price === undefined) throw new Error(`There is no price of ${name} in infra/cost/prices.ts.`);
  return price[1].usd;
}

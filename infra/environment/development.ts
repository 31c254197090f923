import { checkEnvironment } from './schema.ts';

/** Requirement 001's development: small, in one zone where it can be, thrown away and made again. */
export const development = checkEnvironment({
  name: 'development',
  network: { block: 0, zones: 2, natGateways: 1, endpoints: 'minimal' },
  api: {
    cpu: 256,
    memoryMiB: 512,
    port: 3001,
    tasks: { min: 1, max: 2 },
    scaling: { kind: 'target', cpuPercent: 80 },
    pool: { writer: 8, reader: 0 },
    deployment: 'rolling',
    spot: true,
  },
  workers: {
    transfers: { cpu: 512, memoryMiB: 1024, tasks: { min: 1, max: 1 }, pool: 12 },
    records: { cpu: 512, memoryMiB: 2048, tasks: { min: 1, max: 1 }, pool: 12 },
    spot: true,
  },
  simulator: true,
  database: { engine: 'rds', instance: 't3.micro', multiZone: false, storageGiB: 20, maxConnections: 112 },
  cache: { node: 'cache.t4g.micro', nodes: 1 },
  temporal: { mode: 'all-in-one', historyShards: 4, server: { cpu: 512, memoryMiB: 1024 } },
  edge: { requestsPerAddress: 2_000, signInsPerAddress: 100 },
  logs: { days: 30 },
  objects: { mode: 'governance', defaultDays: 1, years: 1, otherRegion: false },
  recovery: {
    timeObjectiveMinutes: 240,
    pointObjectiveMinutes: 1_440,
    backupDays: 35,
    otherRegion: false,
    testedMonthly: false,
  },
  governance: 'none',
  sleepsAtNight: true,
  monthlyBudgetUsd: 220,
});

import { checkEnvironment } from './schema.ts';

/** Requirement 001's staging: the shape of production at a smaller size, with Temporal on Fargate so that this way stays exercised. */
export const staging = checkEnvironment({
  name: 'staging',
  network: { block: 1, zones: 2, natGateways: 1, endpoints: 'full' },
  api: {
    cpu: 512,
    memoryMiB: 1024,
    port: 3001,
    tasks: { min: 2, max: 4 },
    scaling: { kind: 'target', cpuPercent: 70 },
    pool: { writer: 8, reader: 0 },
    deployment: 'blue-green',
    spot: true,
  },
  workers: {
    transfers: { cpu: 1024, memoryMiB: 2048, tasks: { min: 2, max: 4 }, pool: 12 },
    records: { cpu: 1024, memoryMiB: 4096, tasks: { min: 1, max: 2 }, pool: 12 },
    spot: true,
  },
  simulator: true,
  database: { engine: 'rds', instance: 't3.small', multiZone: true, storageGiB: 50, maxConnections: 225 },
  cache: { node: 'cache.t4g.small', nodes: 2 },
  temporal: {
    mode: 'self-hosted',
    historyShards: 512,
    history: { cpu: 1024, memoryMiB: 2048, count: 3 },
    others: { cpu: 512, memoryMiB: 1024, count: 2 },
    capacityUnits: { min: 0.5, max: 8 },
  },
  edge: { requestsPerAddress: 2_000, signInsPerAddress: 100 },
  logs: { days: 30 },
  objects: { mode: 'governance', defaultDays: 30, years: 1, otherRegion: false },
  recovery: {
    timeObjectiveMinutes: 120,
    pointObjectiveMinutes: 60,
    backupDays: 35,
    otherRegion: false,
    testedMonthly: false,
  },
  governance: 'organisation',
  sleepsAtNight: false,
  monthlyBudgetUsd: 950,
});

import { checkEnvironment } from './schema.ts';

/** Requirement 001's production, with requirement 002's writer and readers. */
export const production = checkEnvironment({
  name: 'production',
  network: { block: 2, zones: 2, natGateways: 2, endpoints: 'full' },
  api: {
    cpu: 1024,
    memoryMiB: 2048,
    port: 3001,
    tasks: { min: 3, max: 10 },
    scaling: { kind: 'steps', addAbovePercent: 70, addAfterMinutes: 2, removeBelowPercent: 30, removeAfterMinutes: 5 },
    pool: { writer: 8, reader: 3 },
    deployment: 'canary',
    spot: false,
  },
  workers: {
    transfers: { cpu: 1024, memoryMiB: 2048, tasks: { min: 3, max: 8 }, pool: 12 },
    records: { cpu: 2048, memoryMiB: 4096, tasks: { min: 2, max: 3 }, pool: 12 },
    spot: false,
  },
  simulator: false,
  database: { engine: 'aurora', instance: 't3.medium', readers: 2, maxConnections: 405 },
  cache: { node: 'cache.t4g.medium', nodes: 2 },
  temporal: { mode: 'cloud', auth: 'api-key' },
  edge: { requestsPerAddress: 2_000, signInsPerAddress: 100 },
  logs: { days: 365 },
  objects: { mode: 'compliance', defaultDays: 3_653, years: 10, otherRegion: true },
  recovery: {
    timeObjectiveMinutes: 30,
    pointObjectiveMinutes: 5,
    backupDays: 35,
    otherRegion: true,
    testedMonthly: true,
  },
  governance: 'own',
  sleepsAtNight: false,
  monthlyBudgetUsd: 1_500,
});

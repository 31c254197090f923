import { existsSync } from 'node:fs';

/**
 * Projects. `pipeline`: runs the steps of the pipelines against a server that speaks AWS. `infra`: reads the templates of infra/, which its set-up synthesises once. `rules`: the rules of this repository. `unit`: pure code, no server, seconds. `real`: on real
 * Postgres, Temporal and Redis, which test/support/servers starts once before the first test and stops after the last; and
 * tests that start whole programs. A run that selects no `real` test starts no server. A pure test in a folder of `real` is
 * named `*.unit.test.ts` and counts as `unit`.
 */
const unit = [
  'domain',
  'concurrency',
  'http-client',
  'statements',
  'archive',
  'archive-verification',
  'encryption',
  'config',
  'telemetry',
  'rails',
  'simulator',
  'local',
  'docs',
];
const real = [
  'ledger',
  'drizzle',
  'cache',
  'storage',
  'api',
  'activities',
  'workflows',
  'worker',
  'codec-server',
  'operator',
  'bench',
  'test',
];
const programs = [
  'config/explain-error.test.ts',
  'local/servers/redis.test.ts',
  'local/start.test.ts',
  'simulator/main.test.ts',
];

const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.local/', '<rootDir>/\\.test/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const inFolders = (folders) => folders.map((folder) => `<rootDir>/${folder}/**/*.test.ts`);
const servers = (name) => `${import.meta.dirname}/test/support/servers/${name}.ts`;
const infraSetUp = `${import.meta.dirname}/infra/check/jest/set-up.ts`;
const serversExist = existsSync(servers('global-setup'));

export default {
  maxWorkers: 2,
  // A bound for what hangs, far above what anything needs: no test may depend on how fast a machine is.
  testTimeout: 60_000 * Number(process.env['TEST_SLOWDOWN'] ?? 1),
  reporters: ['default', '<rootDir>/test/support/summary-reporter.mjs'],
  projects: [
    { ...base, displayName: 'rules', testMatch: inFolders(['test/rules']) },
    {
      ...base,
      displayName: 'unit',
      testMatch: [...inFolders(unit), '<rootDir>/**/*.unit.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...programs.map((file) => `<rootDir>/${file}`)],
    },
    {
      ...base,
      displayName: 'real',
      testMatch: [...inFolders(real), ...programs.map((file) => `<rootDir>/${file}`)],
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/rules/',
        '<rootDir>/test/fuzz/',
        '<rootDir>/test/oracles/',
        '\\.unit\\.test\\.ts$',
      ],
      ...(serversExist && { globalSetup: servers('global-setup'), globalTeardown: servers('global-teardown') }),
    },
    {
      ...base,
      displayName: 'infra',
      testMatch: inFolders(['infra']),
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/infra/pipeline/'],
      ...(existsSync(infraSetUp) && { globalSetup: infraSetUp }),
    },
    { ...base, displayName: 'pipeline', testMatch: inFolders(['infra/pipeline']) },
    {
      ...base,
      displayName: 'fuzz',
      testMatch: inFolders(['test/fuzz']),
      ...(serversExist && { globalSetup: servers('global-setup'), globalTeardown: servers('global-teardown') }),
    },
    {
      ...base,
      displayName: 'oracles',
      testMatch: inFolders(['test/oracles']),
      ...(serversExist && { globalSetup: servers('global-setup'), globalTeardown: servers('global-teardown') }),
    },
  ],
};

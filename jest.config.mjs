import { existsSync } from 'node:fs';

/**
 * Two projects. `unit`: pure code, no server, milliseconds. `real`: on real Postgres, Temporal and Redis, which
 * test/support/servers starts once before the first of them and stops after the last. A run that selects only unit
 * tests starts no server. A pure test in a folder of `real` is named `*.unit.test.ts` and counts as `unit`.
 */
const unit = ['domain', 'config', 'rails', 'simulator', 'local', 'docs', 'test/rules'];
const real = ['ledger', 'drizzle', 'cache', 'api', 'activities', 'workflows', 'worker', 'bench', 'test'];

const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.local/', '<rootDir>/\\.test/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const inFolders = (folders) => folders.map((folder) => `<rootDir>/${folder}/**/*.test.ts`);
const servers = (name) => `${import.meta.dirname}/test/support/servers/${name}.ts`;
const serversExist = existsSync(servers('global-setup'));

export default {
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/support/summary-reporter.mjs'],
  projects: [
    { ...base, displayName: 'unit', testMatch: [...inFolders(unit), '<rootDir>/**/*.unit.test.ts'] },
    {
      ...base,
      displayName: 'real',
      testMatch: inFolders(real),
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/rules/', '\\.unit\\.test\\.ts$'],
      ...(serversExist && { globalSetup: servers('global-setup'), globalTeardown: servers('global-teardown') }),
    },
  ],
};

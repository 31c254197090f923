import { expect, test } from '@jest/globals';
import { assemblyFolder } from '../check/assembly.ts';
import { readFindings } from '../check/report.ts';
import { staleIn } from '../check/stale.ts';
import { acknowledgements } from './acknowledgements/index.ts';

const findings = readFindings(assemblyFolder());
/** The environments whose packs ran: the quick form runs them for production alone. */
const checked = new Set((process.env['INFRA_PACKS'] ?? 'development,staging,production').split(','));

test('no finding of any pack, whatever its severity, is without an acknowledgement', () => {
  const open = findings.filter(({ acknowledged }) => acknowledged === null);
  expect(open.map(({ id, path, description }) => `${path}: ${id}: ${description}`)).toEqual([]);
});

test('no acknowledgement is stale: each covers a finding in each of its environments', () => {
  const rows = acknowledgements
    .map((row) => ({ ...row, environments: row.environments.filter((name) => checked.has(name)) }))
    // Those of warnings are found to be stale by policies/acknowledge.ts: the report has none of them.
    .filter(({ id, environments }) => environments.length > 0 && !id.startsWith('Annotation::'));
  expect(staleIn(rows, findings)).toEqual([]);
});

test('every acknowledgement has its pack and a reason that says something', () => {
  const wrong = acknowledgements.filter(({ id, reason }) => !/^[^:]+::./.test(id) || reason.split(' ').length < 5);
  expect(wrong).toEqual([]);
});

test('the report has what each pack found: one that is missing did not run', () => {
  const packs = new Set(findings.map(({ pack }) => pack));
  expect([...packs]).toEqual(expect.arrayContaining(['AwsSolutions', 'PCI.DSS.321', 'NIST.800.53.R5']));
});

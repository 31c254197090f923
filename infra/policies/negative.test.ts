import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { readFindings } from '../check/report.ts';
import { run } from '../check/run.ts';
import { guardRules } from './guard-rules.ts';

/** What reads templates is shown to read them: an app that is wrong on purpose is refused by each. */
const folder = mkdtempSync(join(tmpdir(), 'quittance-bad-'));
const withinMs = 300_000;
let refused: Record<string, string | null> = {};

beforeAll(async () => {
  const { output } = await run([process.execPath, 'infra/policies/bad-app.ts', folder], { withinMs });
  const answers: { name: string; refused: string | null }[] = JSON.parse(output.trim().split('\n').at(-1) ?? '[]');
  refused = Object.fromEntries(answers.map(({ name, refused: sentence }) => [name, sentence]));
});

const findingsOf = (name: string): string[] => readFindings(join(folder, name)).map(({ id }) => id);

test('a synthesis of each ends with an error', () => {
  expect(Object.entries(refused).filter(([, sentence]) => sentence === null)).toEqual([]);
  expect(Object.keys(refused).length).toBeGreaterThan(2);
});

test.each([
  'AwsSolutions::AwsSolutions-S1',
  'PCI.DSS.321::PCI.DSS.321-S3BucketLoggingEnabled',
  'NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled',
])('a bucket without anything: %s', (id) => {
  expect(findingsOf('packs')).toContain(id);
});

test('a policy without a statement is refused by the rules of CDK', () => {
  expect(findingsOf('cloudformation')).toContain('CloudFormation-Validate::E3512');
});

/** A rule that cannot be parsed silences all of its file, and says nothing: so each file has an app that it refuses. */
const guarded: Record<string, string> = {
  'pci-dss-4-0-1': 'PCI_6_3_2_IMAGES_DO_NOT_CHANGE',
  'what-outlives-its-stack': 'KEYS_PEOPLE_AND_COPIES_STAY',
};

test.each(guardRules().map(({ name }) => name))('%s: a rule of this file speaks', (name) => {
  expect(findingsOf(name)).toContain(`CloudFormation-Validate::${guarded[name] ?? 'an app in policies/bad-app.ts'}`);
});

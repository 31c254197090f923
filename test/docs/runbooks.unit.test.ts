import { expect, test } from '@jest/globals';
import { development } from '../../infra/environment/development.ts';
import { production } from '../../infra/environment/production.ts';
import { staging } from '../../infra/environment/staging.ts';
import { exists, read } from '../support/tree.ts';

/** Pages for a bad day: what they promise is what the configuration says, and every control that they name is shown by a test. */
const withObjectives = ['restore', 'loss-of-a-zone', 'loss-of-a-region'].map((name) => `docs/runbooks/${name}.md`);
const environments = [development, staging, production];

test.each(withObjectives)('%s promises the recovery that the configuration of each environment has', (page) => {
  const rows = rowsOf(read(page), 'environment | serves again within');
  const expected = environments.map(({ name, recovery }) => [
    name,
    `${recovery.timeObjectiveMinutes} min`,
    `${recovery.pointObjectiveMinutes} min`,
  ]);
  expect(rows.map((row) => row.slice(0, 3))).toEqual(expected);
});

test('every runbook says what it means, what to do, and how you know that it is over', () => {
  for (const name of ['restore', 'loss-of-a-zone', 'loss-of-a-region', 'rotate-secrets']) {
    const text = read(`docs/runbooks/${name}.md`);
    for (const part of [/\*\*When\.\*\*/, /is over when/i])
      expect([name, part.source, part.test(text)]).toEqual([name, part.source, true]);
  }
});

test('every threat has a control, tests that exist, and what remains; every letter of STRIDE is there', () => {
  const rows = rowsOf(read('docs/threat-model.md'), '| threat |');
  expect(new Set(rows.map(([letter]) => letter))).toEqual(new Set(['S', 'T', 'R', 'I', 'D', 'E']));
  for (const [, threat, who, control, tests = '', remains] of rows) {
    const paths = [...tests.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
    expect([threat, paths.length > 0, paths.filter((path) => !path.endsWith('.test.ts') || !exists(path))]).toEqual([
      threat,
      true,
      [],
    ]);
    expect([who, control, remains].every((cell) => cell !== undefined && cell !== '')).toBe(true);
  }
});

/** The cells of the table whose head has those words. */
function rowsOf(text: string, head: string): string[][] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('|') && line.includes(head)) + 2;
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end === -1 ? rest.length : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

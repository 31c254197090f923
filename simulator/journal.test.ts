import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Journal, openJournal } from './journal.ts';
import type { Fact } from './journal-events.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'deep', 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const aFact = (key: string): Fact => ({ event: 'heard', rail_key: key });
const lines = (): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

async function reopen(): Promise<{ journal: Journal; facts: Fact[] }> {
  const facts: Fact[] = [];
  const fail = (cause: unknown): never => {
    throw cause;
  };
  return { journal: await openJournal(path, (fact) => facts.push(fact), fail), facts };
}

test('nobody but its owner may read it: it holds account numbers and names', async () => {
  const { journal } = await reopen();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await journal.close();
});

test('what was appended is there after a restart, in order, whoever waited', async () => {
  const { journal } = await reopen();
  const keys = Array.from({ length: 500 }, (_, n) => `K${n}`);
  await Promise.all(keys.map((key) => journal.append(aFact(key))));
  await journal.close();
  const again = await reopen();
  expect(again.facts).toEqual(keys.map(aFact));
  await again.journal.close();
});

test('append resolves when the line is in the file, settled when all are', async () => {
  const { journal } = await reopen();
  await journal.append(aFact('A'));
  expect(lines()).toHaveLength(1);
  void journal.append(aFact('B'));
  void journal.append(aFact('C'));
  await journal.settled();
  expect(lines()).toHaveLength(3);
  await journal.close();
});

test('a line that a crash tore at any byte is cut off, and the rest stays', async () => {
  const whole = `${JSON.stringify(aFact('A'))}\n`;
  const torn = JSON.stringify(aFact('B'));
  await (await reopen()).journal.close();
  for (let length = 1; length <= torn.length; length += 1) {
    writeFileSync(path, whole + torn.slice(0, length));
    const { journal, facts } = await reopen();
    expect(facts).toEqual([aFact('A')]);
    await journal.append(aFact('C'));
    await journal.close();
    expect(lines()).toEqual([aFact('A'), aFact('C')].map((fact) => JSON.stringify(fact)));
  }
});

test.each(['nonsense\n', '{"event":"heard"}\n', '\n', 'x'.repeat(20_000)])(
  'a damaged journal stops the start with one sentence',
  async (damage) => {
    const { journal } = await reopen();
    await journal.append(aFact('A'));
    await journal.close();
    appendFileSync(path, damage);
    await expect(reopen()).rejects.toThrow(`line 2 of its journal ${path} is damaged`);
  },
);

test('a file larger than one reading is replayed whole', async () => {
  await (await reopen()).journal.close();
  const many = Array.from({ length: 40_000 }, (_, n) => aFact(`KEY${n}`));
  writeFileSync(path, many.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
  const { journal, facts } = await reopen();
  expect(facts).toEqual(many);
  await journal.close();
});

test('emptying forgets what is there and what waits, and goes on', async () => {
  const { journal } = await reopen();
  await journal.append(aFact('A'));
  void journal.append(aFact('B'));
  const emptied = journal.empty();
  const appended = journal.append(aFact('C'));
  await Promise.all([emptied, appended]);
  await journal.close();
  const again = await reopen();
  expect(again.facts).toEqual([aFact('C')]);
  await again.journal.close();
});

import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Journal, openJournal } from './journal.ts';
import type { JournalEvent } from './journal-events.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'deep', 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const anEvent = (key: string): JournalEvent => ({ kind: 'received', rail_key: key });
const lines = (): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

async function reopen(): Promise<{ journal: Journal; events: JournalEvent[] }> {
  const events: JournalEvent[] = [];
  const fail = (cause: unknown): never => {
    throw cause;
  };
  return { journal: await openJournal(path, (event) => events.push(event), fail), events };
}

test('nobody but its owner may read it: it holds account numbers and names', async () => {
  const { journal } = await reopen();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await journal.close();
});

test('what was appended is there after a restart, in order, whether or not a client waited', async () => {
  const { journal } = await reopen();
  const keys = Array.from({ length: 500 }, (_, n) => `K${n}`);
  await Promise.all(keys.map((key) => journal.append(anEvent(key))));
  await journal.close();
  const again = await reopen();
  expect(again.events).toEqual(keys.map(anEvent));
  await again.journal.close();
});

test('append resolves when the line is in the file, settled when all are', async () => {
  const { journal } = await reopen();
  await journal.append(anEvent('A'));
  expect(lines()).toHaveLength(1);
  void journal.append(anEvent('B'));
  void journal.append(anEvent('C'));
  await journal.settled();
  expect(lines()).toHaveLength(3);
  await journal.close();
});

test('a line that a crash tore at any byte is cut off, and the rest stays', async () => {
  const whole = `${JSON.stringify(anEvent('A'))}\n`;
  const torn = JSON.stringify(anEvent('B'));
  await (await reopen()).journal.close();
  for (let length = 1; length <= torn.length; length += 1) {
    writeFileSync(path, whole + torn.slice(0, length));
    const { journal, events } = await reopen();
    expect(events).toEqual([anEvent('A')]);
    await journal.append(anEvent('C'));
    await journal.close();
    expect(lines()).toEqual([anEvent('A'), anEvent('C')].map((event) => JSON.stringify(event)));
  }
});

test.each(['nonsense\n', '{"kind":"received"}\n', '\n', 'x'.repeat(20_000)])(
  'a damaged journal stops the start with one sentence',
  async (damage) => {
    const { journal } = await reopen();
    await journal.append(anEvent('A'));
    await journal.close();
    appendFileSync(path, damage);
    await expect(reopen()).rejects.toThrow(`line 2 of its journal ${path} is damaged`);
  },
);

test('a file larger than one reading is replayed whole', async () => {
  await (await reopen()).journal.close();
  const many = Array.from({ length: 40_000 }, (_, n) => anEvent(`KEY${n}`));
  writeFileSync(path, many.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const { journal, events } = await reopen();
  expect(events).toEqual(many);
  await journal.close();
});

test('emptying forgets what is there and what waits, and goes on', async () => {
  const { journal } = await reopen();
  await journal.append(anEvent('A'));
  void journal.append(anEvent('B'));
  const emptied = journal.empty();
  const appended = journal.append(anEvent('C'));
  await Promise.all([emptied, appended]);
  await journal.close();
  const again = await reopen();
  expect(again.events).toEqual([anEvent('C')]);
  await again.journal.close();
});

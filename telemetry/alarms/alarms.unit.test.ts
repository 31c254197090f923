import { beforeEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createAlarms } from './alarms.ts';
import { alarmTable } from './table.ts';

const lines: string[] = [];
const log = { error: (_: unknown, line?: string) => void lines.push(line ?? '') };
beforeEach(() => {
  lines.length = 0;
});

const countsOf = async (registry: Registry) =>
  Object.fromEntries(
    (await registry.getMetricsAsJSON())
      .flatMap(({ values }) => values)
      .map(({ labels, value }) => [labels['what'], value]),
  );

test('every alarm is a line and a count, from 0 on', async () => {
  const registry = new Registry();
  const { raise } = createAlarms({ log, registry });
  expect(await countsOf(registry)).toMatchObject({ submit_refused: 0, partitions_missing: 0 });
  raise('submit_refused', { transferId: 'a' });
  raise('submit_refused', { transferId: 'b' });
  expect(lines).toEqual(Array(2).fill(`ALARM: ${alarmTable.submit_refused.sentence}`));
  expect(await countsOf(registry)).toMatchObject({ submit_refused: 2, partitions_missing: 0 });
});

test('a state that lasts is one line a minute for each thing that it is about', () => {
  const { raise } = createAlarms({ log });
  for (const rail of ['instant', 'instant', 'book', 'instant']) raise('dispatcher_takes_none', { rail }, rail);
  expect(lines).toHaveLength(2);
});

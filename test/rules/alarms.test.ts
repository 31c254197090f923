import { expect, test } from '@jest/globals';
import { alarmTable } from '../../telemetry/alarms/table.ts';
import { productFolders, read, sources } from '../support/tree.ts';

/** There is one way to raise an alarm, so that each has its line in docs/alarms.md and its count. */
const product = sources(productFolders).filter((file) => !file.endsWith('.test.ts'));

test('nobody writes ALARM into a log by hand', () => {
  const writers = product.filter((file) => /['"`]ALARM\b/.test(read(file)));
  expect(writers).toEqual(['telemetry/alarms/alarms.ts']);
});

test.each(Object.keys(alarmTable))('the alarm %s is raised somewhere', (name) => {
  const raisers = product.filter((file) => file !== 'telemetry/alarms/table.ts' && read(file).includes(`'${name}'`));
  expect(raisers).not.toEqual([]);
});

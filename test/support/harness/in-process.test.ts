import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startInProcess } from './in-process.ts';

const children = () => process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length;

test('a platform that does not come up leaves no bank behind', async () => {
  const before = children();
  let whileStarting = before;
  const tamper = () => {
    whileStarting = children();
    throw new Error('this part does not come up');
  };
  await expect(startInProcess({ tamper })).rejects.toThrow('does not come up');
  expect(whileStarting).toBe(before + 1);
  for (let tries = 0; children() > before && tries < 100; tries += 1) await sleep(20);
  expect(children()).toBe(before);
});

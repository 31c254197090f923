import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createKnown } from './known.ts';

test('it is read once, and again only after it failed and when somebody asks', async () => {
  const answers = [Promise.reject(new Error('away')), Promise.resolve(7)];
  let reads = 0;
  const known = createKnown(() => {
    reads += 1;
    return answers.shift() ?? Promise.reject(new Error('a third read'));
  });
  await nextTurn();
  expect([known(), reads]).toEqual([null, 2]);
  expect([known(), reads]).toEqual([null, 2]);
  await nextTurn();
  expect([known(), known(), reads]).toEqual([7, 7, 2]);
});

import { expect, test } from '@jest/globals';
import { lanesFor } from './lanes.ts';

test.each([
  [0, null, 1],
  [1_000, null, 1],
  [1_001, null, 2],
  [100_001, null, 8],
  [100_001, 60, 1],
  [100_001, 0, 1],
])('%d left at a pace of %p take %d lanes', (left, pace, lanes) => {
  expect(lanesFor({ left, pace })).toBe(lanes);
});

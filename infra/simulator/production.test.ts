import { expect, test } from '@jest/globals';
import { production } from '../environment/production.ts';
import { checkEnvironment } from '../environment/schema.ts';

test('production refuses the simulator of banks', () => {
  expect(() => checkEnvironment({ ...production, simulator: true })).toThrow('its banks are real');
});

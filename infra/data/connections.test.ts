import { describe, expect, test } from '@jest/globals';
import { development } from '../environment/development.ts';
import { production } from '../environment/production.ts';
import { connectionsOf, total, usableConnections } from './connections.ts';

describe('the budget of connections', () => {
  test('counts both sets of tasks while the API is replaced, and every live version of the workers', () => {
    const { whileApiIsReplaced } = connectionsOf(production, [{ state: 'current' }, { state: 'draining' }]);
    const { api, workers } = production;
    expect(whileApiIsReplaced).toEqual({
      api: api.tasks.max * api.pool.writer * 2,
      workers:
        (workers.transfers.tasks.max + 1) * workers.transfers.pool +
        (workers.records.tasks.max + 1) * workers.records.pool,
      operators: 3,
      migration: 1,
      temporal: 0,
    });
  });

  test('adds the version that will ramp up, once', () => {
    const alone = connectionsOf(production, [{ state: 'current' }]).whileWorkersAreReplaced;
    const ramping = connectionsOf(production, [{ state: 'current' }, { state: 'ramping' }]).whileWorkersAreReplaced;
    expect(alone).toEqual(ramping);
    expect(alone.workers).toBeGreaterThan(connectionsOf(production, [{ state: 'current' }]).whileApiIsReplaced.workers);
  });

  test('counts Temporal where it shares the server', () => {
    expect(connectionsOf(development, [{ state: 'current' }]).whileApiIsReplaced.temporal).toBeGreaterThan(0);
  });

  test('is overdrawn by pools of the size that the API has by itself', () => {
    const generous = { ...production, api: { ...production.api, pool: { ...production.api.pool, writer: 24 } } };
    const { whileApiIsReplaced } = connectionsOf(generous, [{ state: 'current' }]);
    expect(total(whileApiIsReplaced)).toBeGreaterThan(usableConnections(generous));
  });
});

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { noteAccesses } from '../../ledger/archive/note-accesses.ts';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import type { ActivityDeps } from '../index.ts';

let platform: Platform;
let isBroken = false;
const { alarms, raised } = listenForAlarms();
beforeAll(async () => {
  platform = await startInProcess({ tamper: withAlarms });
});
beforeEach(() => {
  raised.length = 0;
});
afterAll(() => platform.end());

function withAlarms(deps: ActivityDeps): ActivityDeps {
  const { ledger } = deps;
  return {
    ...deps,
    alarms,
    ledger: {
      ...ledger,
      makePartitions: async (months) => {
        if (isBroken) throw new Error('the database does not make them');
        return await ledger.makePartitions(months);
      },
    },
  };
}

const housekeeping = () =>
  platform.client.workflow.execute(workflowTypes.housekeeping, {
    workflowId: `housekeeping-${Math.random()}`,
    taskQueue: taskQueues.upkeep,
    args: [{ waits: platform.waits }],
  });

test('partitions that are complete raise no alarm', async () => {
  expect(await housekeeping()).toMatchObject({ monthsAhead: 3 });
  expect(raised).toEqual([]);
});

test(
  'rows that the archive has for a week are removed, to the last one',
  async () => {
    const { pools } = platform;
    await noteAccesses(pools.api, [
      {
        ...{ id: uuidV7(), tenantId: uuidV7(), minute: new Date().toISOString(), actor: 'x', subjectType: 'account' },
        ...{ subjectId: null, count: 1 },
      },
    ]);
    const count = async () =>
      (await pools.root.query<{ n: number }>('select count(*)::int as n from ledger.archive_access')).rows[0]?.n;
    // Another test's transaction may be in the way for a while.
    await until(async () => {
      await archiveNext(pools, { emptyAfterMs: 0 });
      const { rows } = await pools.root.query<{ isIn: boolean }>(
        'select max(a.xid) < (select max(to_xid) from ledger.archive_segment) as "isIn" from ledger.archive_access a',
      );
      return rows[0]?.isIn === true;
    }, 150_000);
    await housekeeping();
    expect(await count()).toBe(1);
    await withoutTriggers(pools.root, async (client) => {
      await client.query("update ledger.archive_segment set finished_at = finished_at - interval '8 days'");
    });
    await housekeeping();
    expect(await count()).toBe(0);
  },
  inTime(200_000),
);

test('a missing partition of a coming month raises one', async () => {
  const { rows } = await platform.pools.root.query<{ name: string }>(
    "select 'posting_' || to_char(now() at time zone 'UTC' + interval '3 months', 'YYYY_MM') as name",
  );
  // A table of that name exists and is detached: it is not made again.
  await platform.pools.root.query(`alter table ledger.posting detach partition ledger.${rows[0]?.name}`);
  expect(await housekeeping()).toMatchObject({ monthsAhead: 2 });
  // The schedule's own first run may find it at the same time.
  const lines = raised.map(({ msg, monthsAhead, wanted }) => `${msg}: ${monthsAhead} of ${wanted}`);
  expect(new Set(lines)).toEqual(new Set(['ALARM: partitions are missing: 2 of 3']));
});

test('a run whose last try fails raises one', async () => {
  isBroken = true;
  await expect(housekeeping()).rejects.toThrow();
  // The schedule's own first run may fail at the same time.
  expect(new Set(raised.map(({ msg, attempt }) => `${msg} ${attempt}`))).toEqual(
    new Set(['ALARM: a step fails again and again 5']),
  );
});

import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { broken, checkOf, findingsAfter } from '../../test/support/fixtures/planted.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { endMonth, makeAll } from '../../test/support/fixtures/statements.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { archive } from '../../test/support/plants/archive.ts';
import { noteAccesses } from '../archive/note-accesses.ts';
import { noteRefusedSignIns } from '../archive/note-refused-sign-ins.ts';

const { pools, ledger } = freshLedger();
const at = new Date().toISOString();

beforeAll(async () => {
  await archiveNext(pools, { emptyAfterMs: 0 });
  const accounts = await createAccounts(pools, ledger);
  const { tenantId } = accounts;
  await makeAll(pools, { tenantId, month: await endMonth(pools, accounts) });
  const one = { id: uuidV7(), count: 1 };
  await noteAccesses(pools.api, [
    { ...one, tenantId, minute: at, actor: 'test', subjectType: 'balance', subjectId: accounts.ada },
  ]);
  await noteRefusedSignIns(pools.api, [
    {
      ...{ ...one, tenantId: null, windowAt: at, reason: 'unknown_key', last4: null, sourceHash: null },
      ...{ firstAt: at, lastAt: at },
    },
  ]);
  const kinds = new Set<string>();
  // A transaction of another test may be in the way for a while: the second segment waits until it can have all of it.
  await until(async () => {
    const { rows } = await pools.root.query<{ is_behind: boolean }>(
      'select max(xid) < pg_snapshot_xmin(pg_current_snapshot()) as is_behind from ledger.archive_refused_sign_in',
    );
    return rows[0]?.is_behind === true;
  }, 120_000);
  for (const row of (await archiveNext(pools))?.rows ?? []) kinds.add(Object.keys(row).toSorted().join());
  expect(kinds.size).toBe(6);
  await archiveNext(pools, { emptyAfterMs: 0 });
}, inTime(180_000));

/** What is also kept by constraints; without them the check has to find it. */
const unbound = 'alter table ledger.archive_segment drop constraint archive_segment_epoch_fkey;';

test.each(archive)('%s → %s', async (_, check, sql) => {
  const [finding] = await findingsAfter(`${unbound} ${sql}`, { root: pools.root, checks: [checkOf(check)] });
  expect(finding).toMatchObject({ breaches: expect.stringMatching(/^[1-9]/), witness: expect.any(String) });
});

test('nothing is found where nothing was planted', async () => {
  expect(broken(await findingsAfter('select 1', { root: pools.root }))).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reportsOn } from '../../test/support/fixtures/reports.ts';

// Verify names a loss that is not on the books: there is one here.
const { pools, ledger } = freshLedger({ mayViolate: ['completed'] });
const accounts = freshAccounts({ pools, ledger });
const { reply, inquiry, submitting } = reportsOn({ pools, ledger, accounts });

const setSuspense = (debit: bigint, credit: bigint) =>
  pools.root.query('update ledger.balance set debit_posted = $2, credit_posted = $3 where account_id = $1', [
    ...[accounts.suspense, debit.toString(), credit.toString()],
  ]);
/** Leaves so much room in both counters of suspense, far above what `reserve` would fill. */
const leaveRoom = (room: bigint) => setSuspense(2n ** 63n - 1n - room, 2n ** 63n - 1n - room);

test('what the rail says that it took is posted above the bound of reserve; past all bounds it is kept without an entry', async () => {
  const send = await submitting();
  await reply(send, { outcome: 'rejected', decisive: true });
  for (const [n, room] of [100n, 99n].entries()) {
    await leaveRoom(room);
    expect(await inquiry(send, { outcome: 'accepted', railReference: `${send.transferId}-${n}` })).toMatchObject({
      cause: 'contradicted',
      attention: 'contradicted',
    });
  }
  const { rows } = await pools.reader.query(
    'select entry_id is not null as posted from ledger.contradiction where transfer_id = $1 order by created_at, rail_reference',
    [send.transferId],
  );
  expect(rows).toEqual([{ posted: true }, { posted: false }]);
  // What stands there without the counters that were set by hand.
  await setSuspense(100n, 0n);
});

test('no customer account goes above the bound of reserve', async () => {
  const beyond = pools.root.query('update ledger.balance set credit_posted = $2 where account_id = $1', [
    ...[accounts.ada, (2n ** 62n + 1n).toString()],
  ]);
  await expect(beyond).rejects.toThrow('counters_bounded');
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TransferRequest } from '../../domain/transfer.ts';
import { aTransfer, balanceOf, toBank } from '../../test/support/fixtures/accounts.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { groupLimits } from '../contract/messages.ts';

/** The largest group that the API makes, against the limits of a real server: of a payload, a call, an event and a history. */
let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess();
});
afterAll(() => platform.end());

/** A full group: as many members as there may be, and as many bytes. */
function full(member: (fields: Partial<TransferRequest>) => TransferRequest): TransferRequest[] {
  const bytesOf = (request: TransferRequest) => Buffer.byteLength(JSON.stringify(request));
  const share = Math.floor(groupLimits.bytes / groupLimits.members);
  const filler = share - bytesOf(member({ metadata: { filler: '' } }));
  const members = Array.from({ length: groupLimits.members }, () =>
    member({ metadata: { filler: 'x'.repeat(filler) } }),
  );
  const bytes = members.reduce((sum, request) => sum + bytesOf(request), 0);
  expect(bytes).toBeGreaterThan(0.99 * groupLimits.bytes);
  expect(bytes).toBeLessThanOrEqual(groupLimits.bytes);
  return members;
}

test.each([
  ['book', (fields: Partial<TransferRequest>) => aTransfer(platform.accounts, { amount: '1', ...fields })],
  ['instant', (fields: Partial<TransferRequest>) => toBank(platform.accounts, { amount: '1', ...fields })],
] as const)('a full group of %s is taken, decided and carried to its end', async (rail, member) => {
  const before = await balanceOf(platform.pools, platform.accounts.ada);
  const members = full(member);
  const answers = await platform.accept(rail, members);
  // What the first step did not decide in its time is answered later, and carried all the same.
  expect(answers.map(({ id }) => id)).toEqual(members.map(({ id }) => id));
  for (const { result } of answers) expect(['decided', 'undecided']).toContain(result);
  await platform.until(
    "state = 'completed'",
    members.map(({ id }) => id),
  );
  const { rows } = await platform.pools.root.query<{ n: number }>(
    'select count(*)::int as n from ledger.transfer where id = any($1)',
    [members.map(({ id }) => id)],
  );
  expect(rows).toEqual([{ n: groupLimits.members }]);
  const after = await balanceOf(platform.pools, platform.accounts.ada);
  expect(before.posted - after.posted).toBe(BigInt(groupLimits.members));
});

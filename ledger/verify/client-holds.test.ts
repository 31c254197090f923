import { beforeAll, expect, test } from '@jest/globals';
import { type Accounts, createAccounts } from '../../test/support/fixtures/accounts.ts';
import { aCapture, aHold, aRelease, holdsOf } from '../../test/support/fixtures/holds.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { broken, checkOf, findingsAfter } from '../../test/support/fixtures/planted.ts';
import { clientHolds } from '../../test/support/plants/client-holds.ts';
import { filled } from '../../test/support/plants/plant.ts';

const { pools, ledger } = freshLedger();
const holds = holdsOf(pools);
let accounts: Accounts;
let other: Accounts;
/** A hold in each state, by name; `part` is open, with a capture. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  accounts = await createAccounts(pools, ledger);
  other = await createAccounts(pools, ledger);
  for (const name of ['open', 'part', 'captured', 'final', 'released']) {
    const hold = aHold(accounts, { amount: '100' });
    await holds.create(hold);
    ids[name] = hold.id;
  }
  const of = (name: string) => ({ holdId: ids[name] ?? '' });
  await holds.capture(aCapture(accounts, { ...of('part'), amount: '30' }));
  await holds.capture(aCapture(accounts, of('captured')));
  await holds.capture(aCapture(accounts, { ...of('final'), amount: '30', isFinal: true }));
  await holds.release(aRelease(accounts, of('released')));
  const refused = aHold(accounts, { amount: '999999' });
  await holds.create(refused);
  ids['refused'] = refused.id;
});

/** What a hold captured is also kept by constraints of its row; without them the checks have to find it. */
const unbound = ['captured_fits_state', 'captured_within_amount', 'captured_in_parts']
  .map((name) => `alter table ledger.client_hold drop constraint ${name};`)
  .join(' ');

test.each(clientHolds)('%s → %s', async (_, check, sql) => {
  const planted = `${unbound} ${filled(sql, { ...other, ...ids })}`;
  const [finding] = await findingsAfter(planted, { root: pools.root, checks: [checkOf(check)] });
  expect(finding).toMatchObject({ breaches: expect.stringMatching(/^[1-9]/), witness: expect.any(String) });
});

test('nothing is found where nothing was planted', async () => {
  expect(broken(await findingsAfter(unbound, { root: pools.root }))).toEqual(['guards']);
});

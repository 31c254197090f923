import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createPool } from '../../drizzle/client.ts';
import { createLedger } from '../../ledger/index.ts';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { dueRows } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { release } from './release.ts';

const { pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });
const { dueBank, take } = dueRows({ pools, ledger, accounts });

const logged: unknown[] = [];
const releaseGroup = release({ ledger, alarms: { raise: (...line) => void logged.push(line) } });
const setVersion = (id: string, version: number) =>
  withoutTriggers(pools.root, async (client) => {
    await client.query('update ledger.transfer set version = $2 where id = $1', [id, version]);
  });

test('a row that the database refuses permanently raises an alarm, and the other rows continue', async () => {
  const [sound, broken] = [await dueBank(), await dueBank()];
  const { carrier } = await take();
  // The highest version: it cannot take another step.
  await setVersion(broken, 2_147_483_647);
  expect(await releaseGroup({ groupId: carrier, ids: [broken, sound] })).toEqual({ submitting: [sound] });
  expect(logged).toEqual([['release_refused', expect.objectContaining({ transferId: broken })]]);
  // A repetition changes nothing.
  expect(await releaseGroup({ groupId: carrier, ids: [broken, sound] })).toEqual({ submitting: [sound] });
  await setVersion(broken, 1);
});

test('a database that does not answer is a fault of the step', async () => {
  const away = createPool({ url: 'postgres://nobody@127.0.0.1:1/nowhere', name: 'test', max: 1 });
  const releaseAway = release({
    ledger: createLedger({ pool: away, onCommit: async () => {} }),
    alarms: { raise: () => {} },
  });
  await expect(releaseAway({ groupId: randomUUID(), ids: [randomUUID()] })).rejects.toThrow('ECONNREFUSED');
  await away.end();
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { aTenantWithEveryRow, type Ids } from '../../test/support/fixtures/every-row.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { broken, checkOf, findingsAfter } from '../../test/support/fixtures/planted.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { breaches } from '../../test/support/harness/invariants.ts';
import { inEveryState } from '../../test/support/plants/index.ts';
import { filled } from '../../test/support/plants/plant.ts';
import { vanished } from '../../test/support/plants/records.ts';
import { publishCheckpoint } from '../archive/publish-checkpoint.ts';
import { Blind, examine } from './examine.ts';
import { isSound } from './run.ts';

const { database, pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const { gone, delivered } = vanished;
let ids: Ids;

beforeAll(async () => {
  // A segment before there is anything: what is planted later is the other checks' to find.
  await archiveNext(pools);
  ids = await aTenantWithEveryRow({ pools, ledger });
  // Another tenant, so that a row can stray.
  await createAccounts(pools, ledger);
  await publishCheckpoint(pools.worker, 500, async () => {});
});

test('a clean ledger passes every check, read with the reader role, and every check looked at something', async () => {
  const findings = await examine({ url: database.reader });
  expect(findings.filter(({ breaches: n }) => n !== '0')).toEqual([]);
  expect(isSound(findings)).toBe(true);
  for (const { name, examined } of findings) expect([name, BigInt(examined) > 0n]).toEqual([name, true]);
  expect(await breaches(pools.reader)).toEqual([]);
});

test('a login that sees one tenant at most is refused: it would find nothing wrong', async () => {
  await expect(examine({ url: database.api })).rejects.toThrow(Blind);
});

describe('a planted fault is found', () => {
  test.each(inEveryState)('%s → %s', async (_, check, sql) => {
    const [finding] = await findingsAfter(filled(sql, ids), { root: pools.root, checks: [checkOf(check)] });
    expect(finding).toMatchObject({ breaches: expect.stringMatching(/^[1-9]/), witness: expect.any(String) });
  });

  test('a notice that was delivered, or that an endpoint did not ask for, is not missing', async () => {
    expect(await brokenBy(`${delivered}; ${gone}`)).toEqual([]);
    for (const terms of [
      "event_types = '{api_key.*}'",
      "event_types = '{transfer.rejected}'",
      "status = 'disabled', disabled_reason = 'x', disabled_at = now()",
      'updated_at = now()',
    ])
      expect(await brokenBy(`update ledger.webhook_endpoint set ${terms}; ${gone}`)).toEqual([]);
    for (const types of ['{transfer.*}', '{transfer.completed}'])
      expect(await brokenBy(`update ledger.webhook_endpoint set event_types = '${types}'; ${gone}`)).toEqual([
        'notices',
      ]);
  });

  test('a transfer that waits for a rail is not late', async () => {
    const late =
      "update ledger.transfer set next_at = now() - interval '1 day' where id = $scheduled; update ledger.rail set taken_at = now() - interval '1 hour'";
    expect(await brokenBy(late)).toEqual(['overdue']);
    expect(
      await brokenBy(`${late}; update ledger.rail set breaker = 'open', probe_at = now() where name = 'instant'`),
    ).toEqual([]);
  });
});

/** Which checks find something after a change that is taken back. */
const brokenBy = async (sql: string) => broken(await findingsAfter(filled(sql, ids), { root: pools.root }));

import { beforeAll, describe, expect, test } from '@jest/globals';
import { createAccounts, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { broken, checkOf, findingsAfter } from '../../test/support/fixtures/planted.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { filled } from '../../test/support/plants/plant.ts';
import { publications, removedPublications } from '../../test/support/plants/publications.ts';
import { publishCheckpoint } from '../archive/publish-checkpoint.ts';
import { removePublicationTenants } from '../archive/remove-publication-tenants.ts';

const { pools, ledger } = freshLedger();
let tenant: string;

beforeAll(async () => {
  await archiveNext(pools, { emptyAfterMs: 0 });
  ({ tenantId: tenant } = await createAccounts(pools, ledger));
  await createAccounts(pools, ledger);
  expect(await publishCheckpoint(pools.worker, 500, async () => {})).toEqual({ n: 1, tenants: 2 });
  for (let n = 2; n <= 3; n += 1) await archiveNext(pools, { emptyAfterMs: 0 });
});

/** What is also kept by constraints; without them the check has to find it. */
const unbound = 'alter table ledger.archive_publication_tenant drop constraint archive_publication_tenant_day_fkey;';

test.each(publications)('%s → %s', async (_, check, sql) => {
  const checks = [checkOf(check)];
  const [finding] = await findingsAfter(`${unbound} ${filled(sql, { tenant })}`, { root: pools.root, checks });
  expect(finding).toMatchObject({ breaches: expect.stringMatching(/^[1-9]/), witness: expect.any(String) });
});

test('the smallest is named: of two tenants the one with the smaller id', async () => {
  const sql = "delete from ledger.event where subject_type = 'checkpoint'";
  const [finding] = await findingsAfter(sql, { root: pools.root, checks: [checkOf('publications')] });
  expect(finding).toMatchObject({ breaches: '2', witness: expect.stringContaining(`tenant ${tenant} was told`) });
});

test('nothing is found where nothing was planted', async () => {
  expect(broken(await findingsAfter('select 1', { root: pools.root }))).toEqual([]);
});

describe('when the rows of who was told are removed', () => {
  beforeAll(async () => {
    await withoutTriggers(pools.root, async (client) => {
      await client.query("update ledger.archive_publication set finished_at = finished_at - interval '8 days'");
    });
    expect(await removePublicationTenants(pools.worker, { days: 7, rows: 10 })).toEqual({ removed: 2, isMore: true });
  });

  test('nothing is found', async () => {
    expect(broken(await findingsAfter('select 1', { root: pools.root }))).toEqual([]);
  });

  test.each(removedPublications)('%s → %s', async (_, check, sql) => {
    const checks = [checkOf(check)];
    const [finding] = await findingsAfter(filled(sql, { tenant }), { root: pools.root, checks });
    expect(finding).toMatchObject({ breaches: expect.stringMatching(/^[1-9]/), witness: expect.any(String) });
  });
});

import { createHash, createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { leafHash, rootOver } from '../../archive/tree.ts';
import { toPublic } from '../../domain/ids.ts';
import { postEntries } from '../../ledger/entries/post-entries.ts';
import { createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { freshArchive, type ReadSegment } from '../../test/support/fixtures/archived.ts';
import { aLeg, anEntry } from '../../test/support/fixtures/entries.ts';
import { aTenantWithEveryRow } from '../../test/support/fixtures/every-row.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archiveTerms } from './terms.ts';

const { pools, ledger } = freshLedger({ per: 'test' });
const archive = freshArchive({ pools });

const recordsOf = (segments: readonly ReadSegment[]) =>
  segments.flatMap(({ slices }) => slices.flatMap(({ records }) => records));
const idOf = ({ t, id }: { t: string; id: string }): string => `${t} ${id}`;
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What everybody who has an archive can recompute: it hangs together, from the records up to the last checkpoint. */
function expectWhole(segments: readonly ReadSegment[]): void {
  const leaves: string[] = [];
  const before = new Map<string | null, { n: number; sha256: string; records: number }>();
  for (const { manifest, manifestText, slices, checkpoint } of segments) {
    leaves.push(leafHash(manifestText));
    const root = Buffer.from(rootOver(leaves), 'hex').toString('base64');
    expect(checkpoint.split('\n').slice(0, 3)).toEqual(['quittance.test/archive/1', `${leaves.length}`, root]);
    expect(manifest.slices?.root ?? null).toBe(
      slices.length > 0 ? rootOver(slices.map(({ text }) => leafHash(text))) : null,
    );
    expect(manifest.records).toBe(slices.reduce((sum, { records }) => sum + records.length, 0));
    const tenants = slices.map(({ slice }) => slice.tenant ?? '');
    expect(tenants).toEqual(tenants.toSorted());
    for (const { slice, text, records } of slices) {
      expect(slice.root).toBe(rootOver(records.map(leafHash)));
      expect([slice.records, slice.n, slice.before]).toEqual([
        records.length,
        manifest.n,
        before.get(slice.tenant) ?? null,
      ]);
      const sum = (before.get(slice.tenant)?.records ?? 0) + records.length;
      before.set(slice.tenant, { n: manifest.n, sha256: sha256Of(text), records: sum });
      for (const record of records) expect(JSON.parse(record)).toMatchObject({ tenant: slice.tenant });
    }
  }
}

/** How many rows of each kind there are. */
const everyRow = `select
  (select count(*)::int from ledger.entry) as entry,
  (select count(*)::int from ledger.event) as event,
  (select count(*)::int from ledger.audit) as act,
  (select count(*)::int from ledger.event where subject_type = 'statement') as statement,
  (select count(*)::int from ledger.archive_access) as access,
  (select count(*)::int from ledger.archive_refused_sign_in) as sign_in_refused`;

async function noteReads(tenantId: string): Promise<void> {
  await pools.root.query(
    `insert into ledger.archive_access (id, tenant_id, minute, actor, subject_type, subject_id, count)
     values ($1, $2, date_trunc('minute', now()), 'api_key:01890a5d-ac96-774b-bcce-b302099a8057', 'account', null, 3)`,
    [uuidV7(), tenantId],
  );
  await pools.root.query(
    `insert into ledger.archive_refused_sign_in
       (id, window_at, reason, last4, source_hash, count, first_at, last_at)
     values ($1, now(), 'unknown_key', 'x7Qz', sha256('192.0.2.7'), 3, now(), now())`,
    [uuidV7()],
  );
}

test('every row is recorded once, whatever it is, and the archive is whole', async () => {
  const { tenantId = '' } = await aTenantWithEveryRow({ pools, ledger });
  await noteReads(tenantId);
  await archive.settled();
  expect(await archive.round()).toMatchObject({ segments: 1, isMore: false });
  const segments = await archive.read();
  expectWhole(segments);
  expect((await pools.root.query(everyRow)).rows).toEqual([segments[0]?.manifest.types]);
  const ids = recordsOf(segments).map((record) => idOf(JSON.parse(record)));
  expect(new Set(ids).size).toBe(ids.length);
});

test('small segments follow each other: all rows, in as many rounds as it takes, and each slice names the one before it', async () => {
  await createAccounts(pools, ledger);
  await createAccounts(pools, ledger);
  await archive.settled();
  const terms = { ...archiveTerms, recordsMax: 2, segmentsMax: 3, pageRows: 1 };
  expect(await archive.round({ terms })).toMatchObject({ segments: 3, isMore: true, waitMs: 0 });
  for (let isMore = true; isMore; ) ({ isMore } = await archive.round({ terms }));
  const segments = await archive.read();
  expect(segments.length).toBeGreaterThan(4);
  expectWhole(segments);
  const { rows } = await pools.root.query<Record<string, number>>(everyRow);
  expect(recordsOf(segments)).toHaveLength(Object.values(rows[0] ?? {}).reduce((sum, count) => sum + count, 0));
  expect(segments.some(({ slices }) => slices.some(({ slice }) => slice.before !== null))).toBe(true);
});

test('where nothing is committed for long, a segment says so', async () => {
  await archive.settled();
  await archive.round();
  const terms = { ...archiveTerms, emptyAfterMs: 0 };
  expect(await archive.round({ terms })).toMatchObject({ segments: 1, records: 0 });
  const segments = await archive.read();
  expectWhole(segments);
  expect(segments.at(-1)?.manifest).toMatchObject({ records: 0, types: {}, segment: null, slices: null });
});

test('what clients and people write is nowhere in the archive, and who has it can prove it by the salt', async () => {
  const canary = 'Ada Lovelace of Ockham';
  const accounts = await createAccounts(pools, ledger);
  const { tenantId, ada, grace } = accounts;
  await pools.api.query('select ledger.change_account($1)', [
    JSON.stringify({
      id: ada,
      tenant_id: tenantId,
      name: canary,
      metadata: { a: canary },
      reference: canary,
      actor: 'operator',
    }),
  ]);
  const entry = anEntry(accounts, [aLeg(ada, grace, 42)], { description: canary, metadata: { order: canary } });
  await postEntries(pools.api, [entry], async () => {});
  const destinationBank = {
    scheme: 'us_account',
    routingNumber: '021000021',
    accountNumber: '770000000',
    name: canary,
  } as const;
  const sent = toBank(accounts, { destinationBank, reference: canary, description: canary, metadata: { a: canary } });
  await ledger.reserve(uuidV7(), sent);
  await archive.settled();
  await archive.round();
  const records = recordsOf(await archive.read());
  expect(records.filter((record) => /Lovelace|770000000|021000021/.test(record))).toEqual([]);

  const recorded = records.map((record) => JSON.parse(record)).find(({ id }) => id === toPublic('entry', entry.id));
  const value = `{"description":"${canary}","metadata":{"order":"${canary}"}}`;
  const { rows } = await pools.root.query<{ salt: Buffer }>(
    'select salt from ledger.archive_salt where subject_id = $1',
    [ada],
  );
  expect(recorded.commitment).toBe(
    createHmac('sha256', rows[0]?.salt ?? '')
      .update(value)
      .digest('hex'),
  );
});

test('a segment that is made again has the same bytes', async () => {
  await createAccounts(pools, ledger);
  await archive.settled();
  const made: string[] = [];
  const store = {
    read: archive.store.read,
    put: async (object: Parameters<typeof archive.store.put>[0]) => {
      made.push(`${object.key} ${object.sha256}`);
      throw new Error('not put');
    },
  };
  for (let tries = 0; tries < 2; tries += 1) await expect(archive.round({ store })).rejects.toThrow('not put');
  expect(made[0]).toBe(made[1]);
});

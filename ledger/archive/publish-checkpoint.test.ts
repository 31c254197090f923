import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { disableTenant } from '../access/disable-tenant.ts';
import { createEndpoint } from '../notices/create-webhook-endpoint.ts';
import { readBacklog } from '../upkeep/backlog.ts';
import { publishCheckpoint } from './publish-checkpoint.ts';

const { pools } = freshLedger({ per: 'test' });

const publish = (tenantsMax = 500, wake: (endpoints: string[]) => void = () => {}) =>
  publishCheckpoint(pools.worker, tenantsMax, async ({ endpoints }) => wake(endpoints));
/** Until nothing is left: how many tenants each call told. */
async function publishAll(tenantsMax?: number): Promise<number[]> {
  const pages: number[] = [];
  for (let one = await publish(tenantsMax); one !== null; one = await publish(tenantsMax)) pages.push(one.tenants);
  return pages;
}
const segment = () => archiveNext(pools, { emptyAfterMs: 0 });

async function tenants(count: number): Promise<string[]> {
  const { rows } = await pools.root.query<{ id: string }>(
    `insert into ledger.tenant (id, name)
     select ledger.uuid_v7(clock_timestamp()), 'tenant ' || n from generate_series(1, $1::int) n returning id`,
    [count],
  );
  return rows.map(({ id }) => id);
}

type Published = { tenant: string; day: number; segment: number; times: number };
/** What each tenant was told, by day: 0 is today. */
async function published(): Promise<Published[]> {
  const { rows } = await pools.root.query<Published>(
    `select e.tenant_id as tenant, t.day - (now() at time zone 'UTC')::date as day, (e.evidence ->> 'segment')::int as segment, count(*)::int as times
     from ledger.event e join ledger.archive_publication_tenant t on t.id = e.subject_id
     where e.subject_type = 'checkpoint' group by 1, 2, 3 order by 2, 1`,
  );
  return rows;
}
const once = (ids: readonly string[], day: number, n: number): Published[] =>
  ids.toSorted().map((tenant) => ({ tenant, day, segment: n, times: 1 }));

/** So many days later: what was published lies that far back. A clock that goes back is a negative number. */
const later = (days: number) =>
  withoutTriggers(pools.root, async (client) => {
    await client.query(
      'alter table ledger.archive_publication_tenant drop constraint archive_publication_tenant_day_fkey',
    );
    for (const table of ['archive_publication', 'archive_publication_tenant']) {
      // In steps that do not meet the row of another day.
      await client.query(`update ledger.${table} set day = day - 100000`);
      await client.query(`update ledger.${table} set day = day + 100000 - $1::int`, [days]);
    }
    await client.query(
      `update ledger.archive_publication set begun_at = begun_at - make_interval(days => $1), finished_at = finished_at - make_interval(days => $1)`,
      [days],
    );
    await client.query(
      'alter table ledger.archive_publication_tenant add constraint archive_publication_tenant_day_fkey foreign key (day) references ledger.archive_publication',
    );
  });

test('once a day every tenant is told the newest checkpoint, as it is in the archive', async () => {
  const ids = await tenants(3);
  expect(await publish()).toBeNull();
  await segment();
  await segment();
  expect(await publish()).toEqual({ n: 2, tenants: 3 });
  await segment();
  expect(await publish()).toBeNull();
  expect(await published()).toEqual(once(ids, 0, 2));
  const { rows } = await pools.root.query(
    `select distinct e.version, e.from_state, e.cause, e.to_state,
       e.evidence = jsonb_build_object('checkpoint', s.checkpoint, 'sha256', encode(sha256(s.checkpoint::bytea), 'hex'), 'epoch', 1, 'segment', 2, 'tree_size', 2,
         'signed_at', ledger.rfc3339(s.finished_at)) as says
     from ledger.event e, ledger.archive_segment s where e.subject_type = 'checkpoint' and s.n = 2`,
  );
  expect(rows).toEqual([{ version: 1, from_state: null, cause: 'published', to_state: 'published', says: true }]);
  await later(1);
  expect(await publish()).toEqual({ n: 3, tenants: 3 });
  expect(await published()).toEqual([...once(ids, -1, 2), ...once(ids, 0, 3)]);
});

test('without a segment since then there is nothing to publish on the next day', async () => {
  await tenants(1);
  await segment();
  expect(await publishAll()).toEqual([1]);
  await later(1);
  expect(await publishAll()).toEqual([]);
  await segment();
  expect(await publishAll()).toEqual([1]);
});

test('a tenant that is disabled is left out, and told again when it is enabled; one that is new has the next one', async () => {
  const [first = '', second = ''] = await tenants(2);
  await disableTenant(pools.root, { id: first, isDisabled: true, actor: 'test' });
  await segment();
  expect(await publishAll()).toEqual([1]);
  await disableTenant(pools.root, { id: first, isDisabled: false, actor: 'test' });
  const [third = ''] = await tenants(1);
  await segment();
  expect(await publishAll()).toEqual([]);
  await later(1);
  expect(await publishAll()).toEqual([3]);
  expect(await published()).toEqual([...once([second], -1, 1), ...once([first, second, third], 0, 2)]);
});

test('2,500 tenants are told in pages, by two who publish at once and are ended after any page, and each is told once', async () => {
  const ids = await tenants(2_500);
  await segment();
  expect(await publish()).toEqual({ n: 1, tenants: 500 });
  // The commit of this one is lost with its process.
  const client = await pools.worker.connect();
  await client.query('begin');
  await client.query('select ledger.publish_checkpoint(500)');
  await client.query('rollback');
  client.release();
  // Made while it goes on: behind the others, so it is told too.
  ids.push(...(await tenants(1)));
  const [one, two] = await Promise.all([publishAll(100), publishAll(70)]);
  expect([...one, ...two].reduce((sum, count) => sum + count, 0)).toBe(2_001);
  expect(await published()).toEqual(once(ids, 0, 1));
  const { rows } = await pools.root.query<{ commands: number }>(
    "select max(commands)::int as commands from ledger.batch where id in (select batch_id from ledger.event where subject_type = 'checkpoint')",
  );
  // The archive counts a batch by its commands: a page is never more than a segment takes.
  expect(rows).toEqual([{ commands: 500 }]);
});

test('one that is not finished on its day is finished with the same checkpoint, and the day has its own', async () => {
  const ids = await tenants(3);
  await segment();
  expect(await publish(2)).toEqual({ n: 1, tenants: 2 });
  await later(2);
  await segment();
  expect(await publishAll(2)).toEqual([1, 2, 1]);
  expect(await published()).toEqual([...once(ids, -2, 1), ...once(ids, 0, 2)]);
});

test('a clock that was a day ahead, or is a day back, publishes no day twice, and goes on', async () => {
  const ids = await tenants(1);
  await segment();
  expect(await publishAll()).toEqual([1]);
  // What was written as today was written by a clock that is a day ahead: today is still to come.
  await later(-1);
  await segment();
  expect(await publishAll()).toEqual([1]);
  expect(await publishAll()).toEqual([]);
  expect(await published()).toEqual([...once(ids, 0, 2), ...once(ids, 1, 1)]);
  // The day that was ahead comes, and has been published.
  await later(1);
  await segment();
  expect(await publishAll()).toEqual([]);
  await later(1);
  expect(await publishAll()).toEqual([1]);
  expect((await published()).map(({ day }) => day)).toEqual([-2, -1, 0]);
});

test('its notices go to the endpoints that take them, and those are woken', async () => {
  const [id = '', other = ''] = await tenants(2);
  const endpoint = async (tenantId: string, eventTypes: string[] | null) => {
    const own = { description: null, secret: `whsec_${'a'.repeat(43)}=`, actor: 'test', idempotencyKey: null };
    const made = uuidV7();
    await createEndpoint(pools.api, { id: made, tenantId, url: 'https://example.com/x', eventTypes, ...own });
    return made;
  };
  const taking = [await endpoint(id, ['checkpoint.*']), await endpoint(id, null)];
  await endpoint(id, ['transfer.*']);
  taking.push(await endpoint(other, ['checkpoint.published']));
  await segment();
  let woken: string[] = [];
  await publish(500, (endpoints) => {
    woken = endpoints;
  });
  expect(woken.toSorted()).toEqual(taking.toSorted());
  const { rows } = await pools.root.query<{ id: string }>(
    "select endpoint_id as id from ledger.notice_due where subject_type = 'checkpoint'",
  );
  expect(rows.map((row) => row.id).toSorted()).toEqual(taking.toSorted());
});

test('the database refuses a second one of a day, a second one at once, and a tenant that is told twice', async () => {
  await tenants(2);
  for (let n = 1; n <= 3; n += 1) await segment();
  await publish(1);
  const again = 'insert into ledger.archive_publication_tenant select day, tenant_id, gen_random_uuid() from';
  for (const [sql, code] of [
    [`${again} ledger.archive_publication_tenant`, '23505'],
    ["insert into ledger.archive_publication (day, n, begun_at) values ('2020-01-01', 2, now())", '23505'],
    ["insert into ledger.archive_publication values ('2020-01-01', 3, now(), now())", '23505'],
    ['insert into ledger.archive_publication select day, 2, now(), now() from ledger.archive_publication', '23505'],
    ['update ledger.archive_publication set n = 2', '23514'],
  ] as const)
    await expect(pools.root.query(sql)).rejects.toMatchObject({ code });
});

test('for how long nothing was published is since all had the last one, or since the first segment', async () => {
  const unpublished = async () => Math.round((await readBacklog(pools.worker)).archive.unpublishedMs / 3_600_000);
  await tenants(2);
  expect(await unpublished()).toBe(0);
  await segment();
  await withoutTriggers(pools.root, async (client) => {
    await client.query("update ledger.archive_segment set finished_at = finished_at - interval '50 hours'");
  });
  expect(await unpublished()).toBe(50);
  await publish(1);
  expect(await unpublished()).toBe(50);
  await publishAll();
  expect(await unpublished()).toBe(0);
  await later(2);
  expect(await unpublished()).toBe(48);
  await later(-5);
  // Written by a clock that was ahead: it counts for nothing.
  expect(await unpublished()).toBe(50);
});

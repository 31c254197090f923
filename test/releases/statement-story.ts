import { setTimeout as sleep } from 'node:timers/promises';
import { check } from '../../domain/check.ts';
import { call } from '../../ledger/call.ts';
import { changeStatementPlan } from '../../ledger/statements/change-plan.ts';
import { closeStatementMonth } from '../../ledger/statements/close-month.ts';
import { cutStatements } from '../../ledger/statements/cut.ts';
import { endStatementMonth } from '../../ledger/statements/end-month.ts';
import { giveBackStatement } from '../../ledger/statements/give-back.ts';
import { noteStatementLink } from '../../ledger/statements/note-link.ts';
import { openStatementMonths } from '../../ledger/statements/open-months.ts';
import { putOffStatement } from '../../ledger/statements/put-off.ts';
import { reissueStatement } from '../../ledger/statements/reissue.ts';
import { requestStatement } from '../../ledger/statements/request.ts';
import { retryStatements } from '../../ledger/statements/retry.ts';
import { setStatementPace } from '../../ledger/statements/set-pace.ts';
import { storeStatement } from '../../ledger/statements/store.ts';
import { takeStatements } from '../../ledger/statements/take.ts';
import { made } from '../support/fixtures/statements.ts';
import { type Names, named, type StoryPools } from './names.ts';

const actor = 'olga';

/** A statement on request, which is put off, given back and made; and a month that is ended and cut. */
export async function statements(pools: StoryPools, names: Names): Promise<void> {
  const tenantId = named(names, 'tenant');
  await changeStatementPlan(pools.api, { tenantId, actor, quiet: 'monthly' });
  await onRequest(pools, names);
  await endStatementMonth(pools.owner, { tenantId, actor });
  await openStatementMonths(pools.worker, { limit: 10 });
  const run = { tenantId, month: named(names, 'month') };
  let page = await cutStatements(pools.worker, { ...run, after: null, limit: 100 });
  while (page.status === 'waiting') {
    await sleep(1_000);
    page = await cutStatements(pools.worker, { ...run, after: null, limit: 100 });
  }
  await setStatementPace(pools.api, { ...run, pace: 60, actor });
  await takeStatements(pools.worker, { ...run, limit: 10, leaseMs: 60_000 });
  await closeStatementMonth(pools.worker, run, async () => {});
}

async function onRequest({ api, owner, worker }: StoryPools, names: Names): Promise<void> {
  const [tenantId, id] = [named(names, 'tenant'), named(names, 'statement')];
  /** A lease is the database's, and the next calls name it. */
  const take = async () => {
    const [taken] = (await takeStatements(worker, { tenantId, month: null, limit: 1, leaseMs: 60_000 })).taken;
    check(taken, 'nobody else takes statements in the story');
    names['lease'] = taken.lease;
    return taken;
  };
  await requestStatement(api, { id, tenantId, accountId: named(names, 'ada'), actor, idempotencyKey: null });
  const { lease } = await take();
  await putOffStatement(worker, { id, lease, reason: 'a_test', inMs: 60_000, isHopeless: true });
  await retryStatements(owner, { tenantId, month: null, actor });
  await giveBackStatement(worker, { id, lease: (await take()).lease });
  const text = 'select ledger.statement_postings($1, $2, $3, $4, $5) as answer';
  await call(worker, text, [tenantId, id, null, null, 100]);
  await storeStatement(worker, made(await take()), async () => {});
  await noteStatementLink(api, { tenantId, statementId: id, actor, format: 'pdf', part: 0 });
  await reissueStatement(owner, { id, actor });
}

import { beforeEach, expect, test } from '@jest/globals';
import { anEndpoint } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { endMonth, made, setQuiet, takeAll } from '../../test/support/fixtures/statements.ts';
import { writeEntries } from '../../test/support/fixtures/written-postings.ts';
import { createEndpoint } from '../notices/create-webhook-endpoint.ts';
import { noteStatementLink } from './note-link.ts';
import { storeStatement } from './store.ts';
import type { TakenStatement } from './take.ts';

const { pools, ledger } = freshLedger({ mayViolate: ['batches', 'causes', 'totals'] });
const accounts = freshAccounts({ pools, ledger });
beforeEach(() => setQuiet(pools, accounts));
const none = async () => {};

async function taken(): Promise<TakenStatement> {
  const { tenantId, ada } = accounts;
  const all = await takeAll(pools, { tenantId, month: await endMonth(pools, accounts) });
  const found = all.find(({ facts }) => facts.accountId === ada);
  if (!found) throw new Error('Ada has no statement');
  return found;
}

test('a statement is ready with its objects, its event and its notices, in one commit', async () => {
  const { tenantId } = accounts;
  const endpoint = anEndpoint(accounts, { eventTypes: ['statement.ready'] });
  await createEndpoint(pools.api, endpoint);
  const statement = await taken();
  const woken: string[] = [];
  const stored = await storeStatement(
    pools.worker,
    made(statement),
    async ({ endpoints }) => void woken.push(...endpoints),
  );
  expect([stored, woken]).toEqual(['stored', [endpoint.id]]);
  const { id } = statement.facts;
  const { rows } = await pools.root.query(
    `select event.cause, event.to_state, event.version, event.evidence, due.endpoint_id,
       (select count(*)::int from ledger.statement_object where statement_id = $1) as objects
     from ledger.event join ledger.notice_due due on due.event_id = event.id where event.subject_id = $1`,
    [id],
  );
  const { kind, month, number, edition, accountId } = statement.facts;
  const evidence = {
    kind,
    month,
    number,
    edition,
    account_id: accountId,
    document_sha256: made(statement).documentSha256,
  };
  expect(rows).toEqual([
    { cause: 'ready', to_state: 'ready', version: 1, evidence, endpoint_id: endpoint.id, objects: 2 },
  ]);
  const link = { tenantId, statementId: id, actor: 'test', format: 'pdf' as const, part: 0 };
  expect(await noteStatementLink(pools.api, link)).toBe(true);
  expect(await noteStatementLink(pools.api, { ...link, tenantId: accounts.ada })).toBe(false);
});

test('again is the same, other bytes are a conflict, and neither writes anything', async () => {
  const statement = await taken();
  expect(await storeStatement(pools.worker, made(statement), none)).toBe('stored');
  const rows = async () =>
    (
      await pools.root.query(
        'select s.*, o.* from ledger.statement s join ledger.statement_object o on o.statement_id = s.id where s.id = $1',
        [statement.facts.id],
      )
    ).rows;
  const before = await rows();
  expect(await storeStatement(pools.worker, made(statement), none)).toBe('again');
  expect(await storeStatement(pools.worker, made(statement, 'other'), none)).toBe('conflict');
  const otherPdf = made(statement);
  otherPdf.objects = otherPdf.objects.map((object) =>
    object.format === 'pdf' ? { ...object, sha256: 'ab'.repeat(32) } : object,
  );
  expect(await storeStatement(pools.worker, otherPdf, none)).toBe('conflict');
  expect(await rows()).toEqual(before);
});

test('who lost the lease stores nothing; who has it still may, however late', async () => {
  const statement = await taken();
  const { id } = statement.facts;
  expect(await storeStatement(pools.worker, { ...made(statement), lease: accounts.ada }, none)).toBe('lost_lease');
  await pools.root.query("update ledger.statement set due_at = now() - interval '1 hour' where id = $1", [id]);
  expect(await storeStatement(pools.worker, made(statement), none)).toBe('stored');
});

test.each([
  ['its PDF', 1, (format: string) => format === 'pdf'],
  ['the document of a part', 2, (format: string, part: number) => format === 'json' && part === 2],
  ['the manifest of its parts', 2, (_: string, part: number) => part === 0],
] as const)('nothing is ready without %s', async (_, parts, isMissing) => {
  const { tenantId, ada, funding } = accounts;
  if (parts === 2)
    await writeEntries(
      pools,
      tenantId,
      Array.from({ length: 5_001 }, () => ({ at: new Date(), debit: funding, credit: ada, amount: 1n })),
    );
  const statement = await taken();
  expect(statement.parts).toBe(parts);
  const whole = made(statement);
  const objects = whole.objects.filter(({ format, part }) => !isMissing(format, part));
  await expect(storeStatement(pools.worker, { ...whole, objects }, none)).rejects.toThrow('has not the objects');
  expect(await storeStatement(pools.worker, whole, none)).toBe('stored');
});

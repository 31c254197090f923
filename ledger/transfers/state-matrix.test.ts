import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { transferStates, transitions } from '../../domain/transfer.ts';
import { aTransfer, createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { railTerms } from '../../test/support/fixtures/rail.ts';
import { anInquiry, aReply, reportsOn } from '../../test/support/fixtures/reports.ts';
import { aReversal } from '../../test/support/fixtures/reversals.ts';
import { age, reserved } from '../../test/support/fixtures/sends.ts';
import { createTransfersOnRequest, type TransfersOnRequest } from '../transfers-on-request.ts';

/**
 * Everything that may happen to a transfer, in each state that it may be in, through the verbs and as the roles that programs log in
 * as. The table is typed by hand from the meaning of the states; nothing of it is derived from the code.
 */
const { pools, ledger } = freshLedger({
  mayViolate: ['overdue', 'sent', 'deadlines'],
});
// New ones for each cell, because a transfer that waits holds up those that come after it.
const accounts = freshAccounts({ pools, ledger });
let onRequest: TransfersOnRequest;
beforeAll(() => {
  onRequest = createTransfersOnRequest({ pool: pools.api, onCommit: async () => {} });
});
const { reply, submitting, unknown, scheduled } = reportsOn({ pools, ledger, accounts });

/** A transfer in a state, with the send and the group that a report about it may name. */
type Subject = { transferId: string; sendN: number; carrier: string };

/** Nothing changes; the verb refuses by raising, because no network knows the transfer. */
const same = '–';
const raises = 'raises';

const events = {
  due: ({ transferId, carrier }) => ledger.release({ id: transferId, carrier }),
  cancelled: ({ transferId: id }) =>
    onRequest.cancel({ id, tenantId: accounts.tenantId, idempotencyKey: null, actor: 'test', reason: null }),
  reversed: ({ transferId }) => onRequest.reverse(aReversal(accounts, transferId)),
  accepted: (subject) => ledger.conclude(anInquiry(subject, { outcome: 'accepted' })),
  'accepted, another reference': (subject) =>
    ledger.conclude(anInquiry(subject, { outcome: 'accepted', railReference: randomUUID() })),
  'rejected, for the key': (subject) => ledger.conclude(anInquiry(subject, { outcome: 'rejected', decisive: true })),
  'rejected, for a send': (subject) => ledger.conclude(anInquiry(subject, { outcome: 'rejected', decisive: false })),
  'not taken': (subject) => ledger.conclude(anInquiry(subject, { outcome: 'not_taken' })),
  'no answer': (subject) => ledger.conclude(aReply(subject, { outcome: 'unknown', code: 'timeout' })),
  absent: (subject) => ledger.conclude(anInquiry(subject, { outcome: 'absent' })),
  'put off': (subject) => ledger.conclude(anInquiry(subject, { outcome: 'put_off' })),
  'not sent': (subject) => ledger.conclude(aReply(subject, { outcome: 'not_sent' })),
} as const satisfies Record<string, (subject: Subject) => Promise<unknown>>;

type EventName = keyof typeof events;

const names = Object.keys(events) as EventName[];
const openSince = async (transferId: string, carrier: string): Promise<Subject> => {
  await pools.root.query('update ledger.transfer set carrier = $2 where id = $1', [transferId, carrier]);
  return { transferId, sendN: 1, carrier };
};
const ended = (id: string): Subject => ({ transferId: id, sendN: 1, carrier: randomUUID() });
/** Its lease and the quiet period of its rail are over, and its time has come. */
const late = async (subject: Subject): Promise<Subject> => {
  await age(pools, subject.transferId, railTerms.leaseMs + railTerms.quietMs + 1_000);
  await pools.root.query("update ledger.transfer set next_at = now() - interval '1 second' where id = $1", [
    subject.transferId,
  ]);
  return subject;
};

/** Each state, with what leads there. Two of them have two kinds: with a send that may still move money and without, and by a bank and in the book. */
const states: Record<string, () => Promise<Subject>> = {
  declined: async () => ended((await reserved(ledger, aTransfer(accounts, { amount: '999999999999' }))).id),
  scheduled: async () =>
    openSince((await reserved(ledger, toBank(accounts, { executeAt: inAMinute() }))).id, randomUUID()),
  'scheduled, a send in doubt': async () => {
    const send = await scheduled();
    return openSince(send.transferId, randomUUID());
  },
  submitting: async () => late(await submitting()),
  unknown: async () => late(await unknown()),
  'completed by a bank': async () => {
    const send = await submitting();
    await reply(send, { outcome: 'accepted' });
    return send;
  },
  'completed in the book': async () => ended((await reserved(ledger, aTransfer(accounts))).id),
  rejected: async () => {
    const send = await submitting();
    await reply(send, { outcome: 'rejected', decisive: true });
    return send;
  },
  failed: async () => {
    const { id } = await reserved(ledger, aTransfer(accounts, { executeAt: inAMinute() }));
    // The rules let no account be closed while a hold would credit it, so no request leads here.
    const definition = (
      await pools.root.query(
        "select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'closed_is_empty'",
      )
    ).rows[0].text;
    const setGrace = (status: string) =>
      pools.root.query('update ledger.balance set status = $2 where account_id = $1', [accounts.grace, status]);
    await pools.root.query('alter table ledger.balance drop constraint closed_is_empty');
    await setGrace('closed');
    const subject = await openSince(id, randomUUID());
    await events.due(subject);
    await setGrace('open');
    await pools.root.query(`alter table ledger.balance add constraint closed_is_empty ${definition}`);
    return subject;
  },
  cancelled: async () => {
    const send = await submitting();
    await reply(send, { outcome: 'not_taken' });
    await events.cancelled(send);
    return send;
  },
  reversed: async () => {
    const { id } = await reserved(ledger, aTransfer(accounts));
    await onRequest.reverse(aReversal(accounts, id));
    return ended(id);
  },
};

/** What is expected: the cause of the new event and the state that it leads to. What is not named changes nothing. */
const expected: Record<string, Partial<Record<EventName, string>>> = {
  declined: {},
  scheduled: {
    due: 'due → submitting',
    cancelled: 'cancelled → cancelled',
    accepted: 'accepted → completed',
    'accepted, another reference': 'accepted → completed',
    'rejected, for the key': 'rejected → rejected',
    'rejected, for a send': 'rejected → rejected',
    // It names a send that was never granted.
    'no answer': raises,
    'not sent': raises,
  },
  'scheduled, a send in doubt': {
    due: 'due → submitting',
    accepted: 'accepted → completed',
    'accepted, another reference': 'accepted → completed',
    'rejected, for the key': 'rejected → rejected',
    'rejected, for a send': 'rejected → unknown',
  },
  submitting: {
    accepted: 'accepted → completed',
    'accepted, another reference': 'accepted → completed',
    'rejected, for the key': 'rejected → rejected',
    'rejected, for a send': 'rejected → unknown',
    'not taken': 'not_taken → unknown',
    'no answer': 'no_answer → unknown',
    'put off': 'no_answer → unknown',
    'not sent': 'put_off → scheduled',
  },
  unknown: {
    accepted: 'accepted → completed',
    'accepted, another reference': 'accepted → completed',
    'rejected, for the key': 'rejected → rejected',
    absent: 'absent → scheduled',
    'not sent': 'not_taken → scheduled',
  },
  'completed by a bank': {
    'accepted, another reference': 'contradicted → completed',
    'rejected, for the key': 'contradicted → completed',
    'rejected, for a send': 'contradicted → completed',
  },
  'completed in the book': { reversed: 'reversed → reversed' },
  rejected: {
    accepted: 'contradicted → rejected',
    'accepted, another reference': 'contradicted → rejected',
  },
  failed: {},
  cancelled: {
    accepted: 'contradicted → cancelled',
    'accepted, another reference': 'contradicted → cancelled',
  },
  reversed: {},
};
/** A transfer without an attempt: a report about it is a bug, and raises. */
const withoutNetwork = ['declined', 'completed in the book', 'failed', 'reversed'];
const verbsOfRequests: readonly EventName[] = ['due', 'cancelled', 'reversed'];

const cells = Object.keys(expected).flatMap((state) => names.map((event) => [state, event] as const));
let seen = 0;

describe(`${Object.keys(expected).length} states × ${names.length} events = ${cells.length} cells`, () => {
  test.each(cells)('%s, %s', async (state, event) => {
    const subject = await states[state]?.();
    if (!subject) throw new Error(`no way leads to ${state}`);
    const read = async () =>
      (await pools.root.query('select state, cause, version from ledger.transfer where id = $1', [subject.transferId]))
        .rows[0];
    const before = await read();
    expect(state.startsWith(before.state)).toBe(true);
    const isRaised = await events[event](subject).then(
      () => false,
      () => true,
    );
    const after = await read();
    const isReport = !verbsOfRequests.includes(event);
    const found = after.version === before.version ? same : `${after.cause} → ${after.state}`;
    expect(isRaised ? raises : found).toBe(
      isReport && withoutNetwork.includes(state) ? raises : (expected[state]?.[event] ?? same),
    );
    expect([found === same, after.version]).toEqual([
      after.state === before.state && after.cause === before.cause && after.version === before.version,
      before.version + (found === same ? 0 : 1),
    ]);
    seen += 1;
  });

  test('the table has a row for each state, and its steps are those of the state table', () => {
    expect(new Set(Object.keys(expected).map((name) => name.split(/[ ,]/)[0]))).toEqual(new Set(transferStates));
    expect(Object.keys(states)).toEqual(Object.keys(expected));
    const listed = new Set(transitions.map(({ from, cause, to }) => `${from}: ${cause} → ${to}`));
    const named = Object.entries(expected).flatMap(([state, row]) =>
      Object.values(row)
        .filter((step) => step !== raises)
        .map((step) => `${state.split(/[ ,]/)[0]}: ${step}`),
    );
    expect(named.filter((step) => !listed.has(step))).toEqual([]);
  });
});

/** By hand: from, then cause, then the states that it may lead to. */
const steps: Record<string, Record<string, readonly string[]>> = {
  scheduled: {
    due: ['submitting', 'completed'],
    cancelled: ['cancelled'],
    impossible: ['failed'],
    accepted: ['completed'],
    rejected: ['rejected', 'unknown'],
  },
  submitting: {
    accepted: ['completed'],
    rejected: ['rejected', 'unknown'],
    not_taken: ['scheduled', 'unknown'],
    put_off: ['scheduled'],
    no_answer: ['unknown'],
  },
  unknown: {
    accepted: ['completed'],
    rejected: ['rejected'],
    not_taken: ['scheduled'],
    absent: ['scheduled'],
    forced: ['completed', 'rejected'],
  },
  completed: { reversed: ['reversed'], contradicted: ['completed'] },
  declined: { contradicted: ['declined'] },
  rejected: { contradicted: ['rejected'] },
  failed: { contradicted: ['failed'] },
  cancelled: { contradicted: ['cancelled'] },
  reversed: { contradicted: ['reversed'] },
};
const causes = [...new Set(transitions.map(({ cause }) => cause))];
const triples = transferStates.length * causes.length * transferStates.length;

test(`the database itself refuses every step that is not in the table, of ${transferStates.length} × ${causes.length} × ${transferStates.length} = ${triples}`, async () => {
  const rows: [from: string, id: string][] = [];
  for (const [name, make] of Object.entries(states)) {
    const [from = ''] = name.split(/[ ,]/);
    if (name !== from && name !== 'completed in the book') continue;
    Object.assign(accounts, await createAccounts(pools, ledger));
    rows.push([from, (await make()).transferId]);
  }
  let tried = 0;
  const wrong: string[] = [];
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    for (const [from, id] of rows) {
      for (const [cause, to] of causes.flatMap((one) => transferStates.map((state) => [one, state] as const))) {
        tried += 1;
        const refusal = await refusalOf(client, { id, cause, to });
        // Another rule may refuse a listed step that comes without its columns.
        const isRefused = refusal.includes('is not in the state table');
        if (isRefused === (steps[from]?.[cause]?.includes(to) ?? false))
          wrong.push(`${from} ${cause} ${to}: ${refusal}`);
      }
    }
  } finally {
    client.release(true);
  }
  expect(wrong).toEqual([]);
  expect(tried).toBe(triples);
});

/** Why the database does not let a transfer take a step; nothing is kept. */
async function refusalOf(
  client: pg.PoolClient,
  { id, cause, to }: { id: string; cause: string; to: string },
): Promise<string> {
  const step = 'update ledger.transfer set state = $2, cause = $3, version = version + 1 where id = $1';
  await client.query('savepoint one');
  const refusal = await client.query(step, [id, to, cause]).then(
    () => '',
    (error: Error) => error.message,
  );
  await client.query('rollback to savepoint one');
  return refusal;
}

afterAll(() => {
  process.stdout.write(`state matrix: ${seen} cells and ${triples} steps against the database\n`);
});

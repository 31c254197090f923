import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { toBank } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { railTerms, setBreaker } from '../../test/support/fixtures/rail.ts';
import { reportsOn } from '../../test/support/fixtures/reports.ts';
import { age, reserved } from '../../test/support/fixtures/sends.ts';

// Aged sends and states set back make rows late; nothing else may be wrong.
const { pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });
const { reply, row, submitting, scheduled } = reportsOn({ pools, ledger, accounts });
const { leaseMs } = railTerms;

describe('putting off', () => {
  const ready = async () => {
    const { id, groupId } = await reserved(ledger, toBank(accounts));
    return { transferId: id, carrier: groupId };
  };
  /** By the carrier, or by the sweep when there is none. */
  const putOff = (transferId: string, carrier: string | null) =>
    ledger.conclude({
      ...{ transferId, outcome: 'put_off' },
      ...(carrier === null ? { source: 'sweep' } : { source: 'carrier', carrier }),
    });

  test('is for the group that carries it', async () => {
    const { transferId, carrier } = await ready();
    expect(await putOff(transferId, randomUUID())).toMatchObject({ cause: null, state: 'submitting' });
    expect(await putOff(transferId, carrier)).toMatchObject({ cause: 'put_off', state: 'scheduled' });
    expect(await row({ transferId })).toMatchObject({ next_what: 'send_again', waiting_for: 'rail', carrier: null });
  });

  test('is for the sweep when it is overdue', async () => {
    const { transferId } = await ready();
    expect(await putOff(transferId, null)).toMatchObject({ cause: null });
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 second' where id = $1", [
      transferId,
    ]);
    expect(await putOff(transferId, null)).toMatchObject({ cause: 'put_off', state: 'scheduled' });
  });

  test('is not for a living lease; when it is over, silence is unknown', async () => {
    const send = await submitting();
    expect(await putOff(send.transferId, send.carrier)).toMatchObject({ cause: null, state: 'submitting' });
    await age(pools, send.transferId, leaseMs + 1);
    expect(await putOff(send.transferId, send.carrier)).toMatchObject({
      cause: 'no_answer',
      state: 'unknown',
      nextWhat: 'inquire',
    });
  });

  test('while the rail is down waits for it', async () => {
    const { transferId, carrier } = await ready();
    await setBreaker(pools, 'open');
    expect(await putOff(transferId, carrier)).toMatchObject({
      state: 'scheduled',
      nextWhat: 'send_when_rail_recovers',
    });
    await setBreaker(pools, 'closed');
  });
});

describe('a sender that slept past its lease', () => {
  test('says it never sent: nothing is unresolved then', async () => {
    const send = await submitting();
    await age(pools, send.transferId, leaseMs + 1);
    await ledger.conclude({
      transferId: send.transferId,
      source: 'carrier',
      outcome: 'put_off',
      carrier: send.carrier,
    });
    expect(await row(send)).toMatchObject({ state: 'unknown' });
    expect(await reply(send, { outcome: 'not_sent' })).toMatchObject({ cause: 'not_taken', state: 'scheduled' });
  });

  test('brings proof late: it is never refused', async () => {
    const send = await scheduled();
    expect(await reply(send, { outcome: 'accepted' })).toMatchObject({
      cause: 'accepted',
      state: 'completed',
    });
  });
});

import { randomUUID } from 'node:crypto';
import { check } from '../../../domain/check.ts';
import { cancel } from '../../../ledger/transfers/cancel.ts';
import { claim } from '../../../ledger/transfers/claim.ts';
import { conclude, type Report } from '../../../ledger/transfers/conclude.ts';
import { release } from '../../../ledger/transfers/release.ts';
import { reserve } from '../../../ledger/transfers/reserve.ts';
import { takeDue } from '../../../ledger/transfers/take-due.ts';
import { aTransfer, type Pools, toBank, withoutTriggers } from '../../support/fixtures/accounts.ts';
import { handoverMs } from '../../support/fixtures/due-transfers.ts';
import { defaultTerms } from '../../support/fixtures/rail.ts';
import { anInquiry, aReply } from '../../support/fixtures/reports.ts';
import { aClaim } from '../../support/fixtures/sends.ts';
import type { ModelReport, NewTransfer } from '../model/terms.ts';
import { fingerprintOf, ignored, keyReused } from './commands.ts';

/** Leases that only a command ends, however slow the machine is; and a rail that knows a key after many of them. */
export const terms = { ...defaultTerms, requestTimeoutMs: 3_600_000, deduplicatesMs: 2_000_000_000 };

/** The verbs of transfers, and what time and a dispatcher do. `carriers`: the group that carries each transfer. */
export function transfersOf(pools: Pools, tenantId: string) {
  const carriers = new Map<string, string>();
  const ours = { tenantId, carriers };
  return { ...verbsOf(pools, ours), ...timeOf(pools, ours) };
}

type Ours = { tenantId: string; carriers: Map<string, string> };

const verbsOf = (pools: Pools, { tenantId, carriers }: Ours) => ({
  async reserve(batch: NewTransfer[]): Promise<string[]> {
    const groupId = randomUUID();
    for (const { id } of batch) carriers.set(id, groupId);
    const commands = batch.map((request) => ({ groupId, request: requestOf(tenantId, request) }));
    const outcomes = await reserve(pools.worker, commands, ignored);
    return outcomes.map((outcome) => {
      if (outcome.result === 'key_reused') return keyReused(outcome);
      check(outcome.result === 'decided' || outcome.result === 'replayed', outcome.result);
      const { to, evidence } = outcome.event;
      return `${outcome.result} ${outcome.transferId} ${evidence.refusal ? `${to} ${evidence.refusal.code}` : to}`;
    });
  },

  async claim(ids: string[]): Promise<boolean[]> {
    const grants = await claim(
      pools.worker,
      ids.map((id) => aClaim({ id, carrier: carrierIn(carriers, id) })),
    );
    return grants.map(({ granted }) => granted);
  },

  async conclude(reports: { id: string; report: ModelReport }[]): Promise<(string | null)[]> {
    const rows = reports.map(({ id, report }) => reportOf(id, carrierIn(carriers, id), report));
    return (await conclude(pools.worker, rows, ignored)).map(({ cause }) => cause);
  },

  async cancel(ids: string[]): Promise<string[]> {
    const commands = ids.map((id) => ({ id, tenantId, idempotencyKey: null, actor: 'model', reason: null }));
    return (await cancel(pools.api, commands, ignored)).map(({ result }) => result);
  },
});

const timeOf = (pools: Pools, { carriers }: Ours) => ({
  /** Ends the leases and the rail's quiet period: all grants were made that much earlier. */
  async endLeases(ids: string[]): Promise<void> {
    await withoutTriggers(pools.root, async (client) => {
      await client.query(
        `update ledger.send set granted_at = granted_at - $2 * interval '1 ms', lease_until = lease_until - $2 * interval '1 ms',
           answered_at = answered_at - $2 * interval '1 ms'
         where transfer_id = any ($1)`,
        [ids, terms.requestTimeoutMs + terms.leaseMarginMs + terms.quietPeriodMs + 1_000],
      );
    });
  },

  /** The time of these rows comes. Returns those that a dispatcher takes then, with the states that they enter. */
  async dispatch(rail: 'book' | 'instant', ids: string[]): Promise<{ id: string; state: string }[]> {
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 s' where id = any ($1)", [ids]);
    const carrier = randomUUID();
    const taken = await takeDue(pools.worker, { rail, carrier, limit: 500, leaseMs: handoverMs });
    for (const id of taken.ids) carriers.set(id, carrier);
    const rows = taken.ids.map((id) => ({ id, carrier }));
    return rows.length === 0 ? [] : release(pools.worker, rows, ignored);
  },
});

function carrierIn(carriers: Ours['carriers'], id: string): string {
  const carrier = carriers.get(id);
  check(carrier, `nobody carries ${id}`);
  return carrier;
}

/** No date comes by itself while the commands are played. */
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

function requestOf(tenantId: string, request: NewTransfer) {
  const shape = {
    ...{ id: request.id, key: request.key, amount: String(request.amount), currency: request.currency },
    ...{ sourceAccountId: request.from, executeAt: request.isDated ? inAnHour() : null },
    fingerprint: fingerprintOf(request.body),
  };
  const names = { tenantId, ada: '', grace: '' };
  return request.to === null ? toBank(names, shape) : aTransfer(names, { ...shape, destinationAccountId: request.to });
}

function reportOf(transferId: string, carrier: string, report: ModelReport): Report {
  if (report.outcome === 'put_off') return { transferId, source: 'carrier', outcome: 'put_off', carrier };
  if (report.send === null) return anInquiry({ transferId }, { outcome: report.outcome, decisive: report.decisive });
  const { outcome, decisive } = report;
  return aReply({ transferId, sendN: report.send, carrier }, { outcome, decisive });
}

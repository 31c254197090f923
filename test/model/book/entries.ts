import { type EntryCommand, postEntries } from '../../../ledger/entries/post-entries.ts';
import type { Pools } from '../../support/fixtures/accounts.ts';
import type { ModelLeg, NewEntry } from '../model/terms.ts';
import { fingerprintOf, ignored, keyReused } from './commands.ts';

export const entriesOf = (pools: Pools, tenantId: string) => ({
  async post(batch: NewEntry[]): Promise<string[]> {
    const outcomes = await postEntries(
      pools.api,
      batch.map((entry) => entryOf(tenantId, entry)),
      ignored,
    );
    return outcomes.map((outcome) => {
      if (outcome.result === 'key_reused') return keyReused(outcome);
      if (!('entryId' in outcome)) return outcome.result;
      const { entryId, refusal, result } = outcome;
      return `${result} ${entryId} ${refusal ? [refusal.code, refusal.leg].join(' ').trim() : 'posted'}`;
    });
  },
});

function entryOf(tenantId: string, { id, key, body, effectiveAt: atMs, ...what }: NewEntry): EntryCommand {
  const effectiveAt = atMs === null ? null : new Date(atMs).toISOString();
  const common = { id, tenantId, key, fingerprint: fingerprintOf(body), description: null, effectiveAt };
  if (what.legs === null) return { ...common, metadata: {}, legs: null, reversesId: what.reverses };
  return { ...common, metadata: {}, legs: what.legs.map(legOf), reversesId: null };
}

const legOf = ({ debit, credit, amount, currency }: ModelLeg) => ({
  ...{ debitAccountId: debit, creditAccountId: credit, amount: String(amount), currency },
});

import { postEntries } from '../../ledger/entries/post-entries.ts';
import { blockedEntries } from '../../ledger/locks/blocked-entries.ts';
import { closePeriod } from '../../ledger/periods/close.ts';
import { type Names, named, type StoryPools } from './names.ts';

/** An entry, and one that reverses it. */
export async function entries({ api }: StoryPools, names: Names): Promise<void> {
  const common = {
    ...{ tenantId: named(names, 'tenant'), fingerprint: 'f'.repeat(64), effectiveAt: null },
    ...{ description: 'fee', metadata: {} },
  };
  const [debitAccountId, creditAccountId] = [named(names, 'outside'), named(names, 'ada')];
  const legs = [{ debitAccountId, creditAccountId, amount: '3', currency: 'USD' }];
  const entry = { ...common, id: named(names, 'entry'), key: 'entry-1', legs, reversesId: null };
  const reversal = { ...common, id: named(names, 'reversal'), key: 'entry-2', legs: null, reversesId: entry.id };
  const askedAt = '2026-01-01T00:00:00.000Z';
  await closePeriod(api, {
    id: common.tenantId,
    tenantId: common.tenantId,
    month: '2025-11-01',
    askedAt,
    actor: 'story',
  });
  await blockedEntries(api, [entry]);
  await postEntries(api, [entry], async () => {});
  await postEntries(api, [reversal], async () => {});
}

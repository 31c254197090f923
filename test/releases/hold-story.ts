import type pg from 'pg';
import { captureHolds } from '../../ledger/holds/capture.ts';
import { createHolds } from '../../ledger/holds/create.ts';
import { releaseHolds } from '../../ledger/holds/release.ts';
import type { Ledger } from '../../ledger/index.ts';
import { blockedHolds } from '../../ledger/locks/blocked-holds.ts';

/** A hold that is captured in part, and released. */
export async function tellHolds(api: pg.Pool, ledger: Ledger, idOf: (name: string) => string): Promise<void> {
  const onCommit = async () => {};
  const [tenantId, holdId] = [idOf('tenant'), idOf('hold')];
  const keyed = (key: string) => ({ tenantId, idempotencyKey: { key, fingerprint: 'a'.repeat(64) } });
  const accounts = { sourceAccountId: idOf('ada'), destinationAccountId: idOf('grace') };
  const terms = { amount: '100', currency: 'USD', expiresAt: null, reference: 'cart', metadata: {} };
  await createHolds(api, [{ id: holdId, ...keyed('hold'), ...accounts, ...terms }], onCommit);
  const part = { id: idOf('capture'), holdId, amount: '40', isFinal: false };
  await blockedHolds(api, [{ id: part.id, tenant_id: tenantId, key: null, hold_id: holdId }]);
  await captureHolds(api, [{ ...part, ...keyed('capture') }], onCommit);
  await releaseHolds(api, [{ id: idOf('release'), ...keyed('release'), holdId, reason: 'a test' }], onCommit);
  await ledger.expireHolds({ after: null, limit: 10, clock: new Date(idOf('now')) });
}

import type { Uuid } from '../../domain/ids.ts';
import { readVersions } from '../../ledger/read/balance.ts';
import type { Deps } from '../deps.ts';
import { type ClientVersions, toLedgerToken } from '../http/ledger-token.ts';

/**
 * The versions of these accounts that the client may rely on from now on, beside those that it knows. They are read on a best
 * effort: what was decided is decided, and its answer must not fail with a read.
 */
export async function tokenOf(
  { tenantId, accountIds, known }: { tenantId: Uuid; accountIds: (Uuid | null)[]; known: ClientVersions },
  { reader }: Pick<Deps, 'reader'>,
): Promise<string | null> {
  const ids = accountIds.filter((id) => id !== null);
  const versions = await readVersions(reader, tenantId, ids).catch(() => []);
  const shown = versions.map(({ accountId, version }) => ({ accountId, version: version.toString() }));
  return toLedgerToken(known, shown);
}

import type pg from 'pg';
import { authenticate } from '../ledger/access/authenticate.ts';
import { createApiKey } from '../ledger/access/create-api-key.ts';
import { revokeApiKey } from '../ledger/access/revoke-api-key.ts';
import { revokeApiKeyFamily } from '../ledger/access/revoke-api-key-family.ts';
import { readSeal } from '../ledger/access/seal.ts';
import { changeAccount } from '../ledger/accounts/change.ts';
import { openAccount } from '../ledger/accounts/open.ts';
import { isPoison } from '../ledger/faults.ts';
import { changeEndpoint } from '../ledger/notices/change-webhook-endpoint.ts';
import { createEndpoint } from '../ledger/notices/create-webhook-endpoint.ts';
import { deleteEndpoint } from '../ledger/notices/delete-webhook-endpoint.ts';

/** The ledger's verbs that need no workflow, bound to the API's pool. Their contracts are beside them in `ledger/`. */
export type LedgerVerbs = ReturnType<typeof bindLedgerVerbs>;

/**
 * Binds the verbs to a pool that logs in as quittance_api. Those that write throw {@link NothingWritten} where that is proven.
 */
export const bindLedgerVerbs = (pool: pg.Pool) => ({
  openAccount: writing(pool, openAccount),
  changeAccount: writing(pool, changeAccount),
  createApiKey: writing(pool, createApiKey),
  revokeApiKey: writing(pool, revokeApiKey),
  revokeApiKeyFamily: writing(pool, revokeApiKeyFamily),
  readSeal: () => readSeal(pool),
  authenticate: (secret: string) => authenticate(pool, secret),
  createEndpoint: writing(pool, createEndpoint),
  changeEndpoint: writing(pool, changeEndpoint),
  deleteEndpoint: writing(pool, deleteEndpoint),
});

/** Thrown when the database refused a verb permanently: it had rolled back the verb's one statement before it answered. */
export class NothingWritten extends Error {
  override readonly name = 'NothingWritten';
}

const writing =
  <Command, Outcome>(pool: pg.Pool, verb: (pool: pg.Pool, command: Command) => Promise<Outcome>) =>
  async (command: Command): Promise<Outcome> => {
    try {
      return await verb(pool, command);
    } catch (error) {
      // Only here it is known which statement failed. Later, an error of a read after the commit looks the same.
      throw isPoison(error)
        ? new NothingWritten('the database refused what we asked it to write', { cause: error })
        : error;
    }
  };

import type pg from 'pg';
import { authenticate, createApiKey, revokeApiKey } from '../ledger/access/api-keys.ts';
import { changeAccount } from '../ledger/accounts/change.ts';
import { openAccount } from '../ledger/accounts/open.ts';
import { isPoison } from '../ledger/faults.ts';
import { changeEndpoint, createEndpoint, deleteEndpoint } from '../ledger/notices/webhook-endpoints.ts';
import type { Book } from './deps.ts';

/** The ledger's verbs that need no workflow, over a pool that logs in as quittance_api. Those that write throw {@link NothingWritten} where that is proven. */
export const bindBook = (pool: pg.Pool): Book => ({
  openAccount: (account) => writing(openAccount(pool, account)),
  changeAccount: (change) => writing(changeAccount(pool, change)),
  createApiKey: (key) => writing(createApiKey(pool, key)),
  revokeApiKey: (key) => writing(revokeApiKey(pool, key)),
  authenticate: (secret) => authenticate(pool, secret),
  createEndpoint: (endpoint) => writing(createEndpoint(pool, endpoint)),
  changeEndpoint: (change) => writing(changeEndpoint(pool, change)),
  deleteEndpoint: (endpoint) => writing(deleteEndpoint(pool, endpoint)),
});

/** Thrown when the database refused a verb for ever: it had undone the verb's one statement before it said so. */
export class NothingWritten extends Error {
  override readonly name = 'NothingWritten';
}

async function writing<T>(verb: Promise<T>): Promise<T> {
  try {
    return await verb;
  } catch (error) {
    // Here it is still known whose error it is. Further out, one of a read that follows the commit looks the same.
    throw isPoison(error)
      ? new NothingWritten('the database refused what we asked it to write', { cause: error })
      : error;
  }
}

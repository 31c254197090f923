import type pg from 'pg';
import { authenticate, createApiKey, revokeApiKey } from '../ledger/api-keys.ts';
import { changeAccount } from '../ledger/change-account.ts';
import { openAccount } from '../ledger/open-account.ts';
import { changeEndpoint, createEndpoint, deleteEndpoint } from '../ledger/webhook-endpoints.ts';
import type { Book } from './deps.ts';

/** The ledger's verbs that need no workflow, over a pool that logs in as quittance_api. */
export const bindBook = (pool: pg.Pool): Book => ({
  openAccount: (account) => openAccount(pool, account),
  changeAccount: (change) => changeAccount(pool, change),
  createApiKey: (key) => createApiKey(pool, key),
  revokeApiKey: (key) => revokeApiKey(pool, key),
  authenticate: (secret) => authenticate(pool, secret),
  createEndpoint: (endpoint) => createEndpoint(pool, endpoint),
  changeEndpoint: (change) => changeEndpoint(pool, change),
  deleteEndpoint: (endpoint) => deleteEndpoint(pool, endpoint),
});

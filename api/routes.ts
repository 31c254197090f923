import { getBalance } from './accounts/balance.ts';
import { changeAccount } from './accounts/change.ts';
import { getAccount } from './accounts/get.ts';
import { getAccounts } from './accounts/list.ts';
import { openAccount } from './accounts/open.ts';
import { getPostings } from './accounts/postings.ts';
import { createApiKey } from './api-keys/create.ts';
import { getApiKey } from './api-keys/get.ts';
import { getApiKeys } from './api-keys/list.ts';
import { revokeApiKey } from './api-keys/revoke.ts';
import { getCurrencies } from './currencies/list.ts';
import type { Route } from './http/operation.ts';
import { getMe } from './me/get.ts';
import { getRails } from './rails/list.ts';
import { getTransferAttempts } from './transfers/attempts.ts';
import { createTransfer } from './transfers/create.ts';
import { getTransferEvents } from './transfers/events.ts';
import { getTransfer } from './transfers/get.ts';
import { getTransfers } from './transfers/list.ts';
import { getTrialBalance } from './trial-balance/get.ts';
import { changeWebhookEndpoint } from './webhook-endpoints/change.ts';
import { createWebhookEndpoint } from './webhook-endpoints/create.ts';
import { deleteWebhookEndpoint } from './webhook-endpoints/delete.ts';
import { getDeliveries } from './webhook-endpoints/deliveries.ts';
import { getWebhookEndpoint } from './webhook-endpoints/get.ts';
import { getWebhookEndpoints } from './webhook-endpoints/list.ts';

/**
 * Everything that the API does, in one table. The router, `405` with its `Allow`, the scope check and the OpenAPI document
 * are made from it; `scope: null` means any key. What needs no key at all (health, docs) is in `open-routes.ts`.
 */
export const routes: readonly Route[] = [
  { method: 'POST', path: '/v1/transfers', scope: 'transfers:write', operation: createTransfer },
  { method: 'GET', path: '/v1/transfers', scope: 'transfers:read', operation: getTransfers },
  { method: 'GET', path: '/v1/transfers/{id}', scope: 'transfers:read', operation: getTransfer },
  { method: 'GET', path: '/v1/transfers/{id}/events', scope: 'transfers:read', operation: getTransferEvents },
  { method: 'GET', path: '/v1/transfers/{id}/attempts', scope: 'transfers:read', operation: getTransferAttempts },

  { method: 'POST', path: '/v1/accounts', scope: 'accounts:write', operation: openAccount },
  { method: 'GET', path: '/v1/accounts', scope: 'accounts:read', operation: getAccounts },
  { method: 'GET', path: '/v1/accounts/{id}', scope: 'accounts:read', operation: getAccount },
  { method: 'PATCH', path: '/v1/accounts/{id}', scope: 'accounts:write', operation: changeAccount },
  { method: 'GET', path: '/v1/accounts/{id}/balance', scope: 'accounts:read', operation: getBalance },
  { method: 'GET', path: '/v1/accounts/{id}/postings', scope: 'accounts:read', operation: getPostings },

  { method: 'POST', path: '/v1/webhook-endpoints', scope: 'webhooks:write', operation: createWebhookEndpoint },
  { method: 'GET', path: '/v1/webhook-endpoints', scope: 'webhooks:read', operation: getWebhookEndpoints },
  { method: 'GET', path: '/v1/webhook-endpoints/{id}', scope: 'webhooks:read', operation: getWebhookEndpoint },
  { method: 'PATCH', path: '/v1/webhook-endpoints/{id}', scope: 'webhooks:write', operation: changeWebhookEndpoint },
  { method: 'DELETE', path: '/v1/webhook-endpoints/{id}', scope: 'webhooks:write', operation: deleteWebhookEndpoint },
  { method: 'GET', path: '/v1/webhook-endpoints/{id}/deliveries', scope: 'webhooks:read', operation: getDeliveries },

  { method: 'POST', path: '/v1/api-keys', scope: 'keys:admin', operation: createApiKey },
  { method: 'GET', path: '/v1/api-keys', scope: 'keys:admin', operation: getApiKeys },
  { method: 'GET', path: '/v1/api-keys/{id}', scope: 'keys:admin', operation: getApiKey },
  { method: 'DELETE', path: '/v1/api-keys/{id}', scope: 'keys:admin', operation: revokeApiKey },

  { method: 'GET', path: '/v1/trial-balance', scope: 'entries:read', operation: getTrialBalance },
  { method: 'GET', path: '/v1/rails', scope: null, operation: getRails },
  { method: 'GET', path: '/v1/currencies', scope: null, operation: getCurrencies },
  { method: 'GET', path: '/v1/me', scope: null, operation: getMe },
];

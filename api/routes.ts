import { getBalance } from './accounts/balance.ts';
import { changeAccount } from './accounts/change.ts';
import { getAccount } from './accounts/get.ts';
import { getAccounts } from './accounts/list.ts';
import { openAccount } from './accounts/open.ts';
import { getPostings } from './accounts/postings.ts';
import { createApiKey } from './api-keys/create.ts';
import { expireApiKey } from './api-keys/expire.ts';
import { getApiKey } from './api-keys/get.ts';
import { getApiKeys } from './api-keys/list.ts';
import { revokeApiKey } from './api-keys/revoke.ts';
import { rotateApiKey } from './api-keys/rotate.ts';
import { getAudit } from './audit/list.ts';
import { getCurrencies } from './currencies/list.ts';
import { createEntry } from './entries/create.ts';
import { getEntry } from './entries/get.ts';
import { getEntries } from './entries/list.ts';
import { reverseEntry } from './entries/reverse.ts';
import { getEvents } from './events/list.ts';
import { exportPostings } from './exports/postings.ts';
import { exportTransfers } from './exports/transfers.ts';
import { captureHold } from './holds/capture.ts';
import { createHold } from './holds/create.ts';
import { getHold } from './holds/get.ts';
import { getHolds } from './holds/list.ts';
import { releaseHold } from './holds/release.ts';
import type { Route } from './http/operation.ts';
import { getMe } from './me/get.ts';
import { closePeriod } from './periods/close.ts';
import { getPeriod } from './periods/get.ts';
import { getPeriods } from './periods/list.ts';
import { getRails } from './rails/list.ts';
import { getAllAccounts } from './simple-bank/accounts.ts';
import { addBalance } from './simple-bank/add-balance.ts';
import { getAllData } from './simple-bank/data.ts';
import { openBankAccount } from './simple-bank/open-account.ts';
import { readBankBalance } from './simple-bank/read-balance.ts';
import { moveMoney } from './simple-bank/transfer.ts';
import { getAllBankTransfers } from './simple-bank/transfers.ts';
import { changeStatementPlan } from './statement-plan/change.ts';
import { getStatementPlan } from './statement-plan/get.ts';
import { changeStatementRun } from './statement-runs/change.ts';
import { getStatementRuns } from './statement-runs/list.ts';
import { createStatement } from './statements/create.ts';
import { getStatement } from './statements/get.ts';
import { createStatementLink } from './statements/link.ts';
import { getStatements } from './statements/list.ts';
import { getStatementPostings } from './statements/postings.ts';
import { getTransferAttempts } from './transfers/attempts.ts';
import { createTransfers } from './transfers/batch.ts';
import { cancelTransfer } from './transfers/cancel.ts';
import { createTransfer } from './transfers/create.ts';
import { getTransferEvents } from './transfers/events.ts';
import { getTransfer } from './transfers/get.ts';
import { getTransfers } from './transfers/list.ts';
import { previewTransfer } from './transfers/preview.ts';
import { reverseTransfer } from './transfers/reverse.ts';
import { getTrialBalance } from './trial-balance/get.ts';
import { changeWebhookEndpoint } from './webhook-endpoints/change.ts';
import { createWebhookEndpoint } from './webhook-endpoints/create.ts';
import { deleteWebhookEndpoint } from './webhook-endpoints/delete.ts';
import { getDeliveries } from './webhook-endpoints/deliveries.ts';
import { getWebhookEndpoint } from './webhook-endpoints/get.ts';
import { getWebhookEndpoints } from './webhook-endpoints/list.ts';
import { replayDelivery } from './webhook-endpoints/replay.ts';
import { rotateSecret } from './webhook-endpoints/rotate-secret.ts';
import { testWebhookEndpoint } from './webhook-endpoints/send-test.ts';

/**
 * Everything that the API does, in one table. The router, `405` with its `Allow`, the scope check and the OpenAPI document
 * are made from it; `scope: null` means any key. What needs no key at all (health, docs) is in `open-routes.ts`.
 */
export const routes: readonly Route[] = [
  { method: 'POST', path: '/v1/transfers', scope: 'transfers:write', operation: createTransfer },
  { method: 'GET', path: '/v1/transfers', scope: 'transfers:read', operation: getTransfers },
  { method: 'POST', path: '/v1/transfers/batch', scope: 'transfers:write', operation: createTransfers },
  { method: 'POST', path: '/v1/transfers/preview', scope: 'transfers:write', operation: previewTransfer },
  { method: 'GET', path: '/v1/transfers/{id}', scope: 'transfers:read', operation: getTransfer },
  { method: 'POST', path: '/v1/transfers/{id}/cancellation', scope: 'transfers:write', operation: cancelTransfer },
  { method: 'POST', path: '/v1/transfers/{id}/reversal', scope: 'transfers:write', operation: reverseTransfer },
  { method: 'GET', path: '/v1/transfers/{id}/events', scope: 'transfers:read', operation: getTransferEvents },
  { method: 'GET', path: '/v1/transfers/{id}/attempts', scope: 'transfers:read', operation: getTransferAttempts },

  { method: 'POST', path: '/v1/accounts', scope: 'accounts:write', operation: openAccount },
  { method: 'GET', path: '/v1/accounts', scope: 'accounts:read', operation: getAccounts },
  { method: 'GET', path: '/v1/accounts/{id}', scope: 'accounts:read', operation: getAccount },
  { method: 'PATCH', path: '/v1/accounts/{id}', scope: 'accounts:write', operation: changeAccount },
  { method: 'GET', path: '/v1/accounts/{id}/balance', scope: 'accounts:read', operation: getBalance },
  { method: 'GET', path: '/v1/accounts/{id}/postings', scope: 'accounts:read', operation: getPostings },

  { method: 'POST', path: '/v1/holds', scope: 'holds:write', operation: createHold },
  { method: 'GET', path: '/v1/holds', scope: 'holds:read', operation: getHolds },
  { method: 'GET', path: '/v1/holds/{id}', scope: 'holds:read', operation: getHold },
  { method: 'POST', path: '/v1/holds/{id}/captures', scope: 'holds:write', operation: captureHold },
  { method: 'POST', path: '/v1/holds/{id}/release', scope: 'holds:write', operation: releaseHold },

  { method: 'POST', path: '/v1/webhook-endpoints', scope: 'webhooks:write', operation: createWebhookEndpoint },
  { method: 'GET', path: '/v1/webhook-endpoints', scope: 'webhooks:read', operation: getWebhookEndpoints },
  { method: 'GET', path: '/v1/webhook-endpoints/{id}', scope: 'webhooks:read', operation: getWebhookEndpoint },
  { method: 'PATCH', path: '/v1/webhook-endpoints/{id}', scope: 'webhooks:write', operation: changeWebhookEndpoint },
  { method: 'DELETE', path: '/v1/webhook-endpoints/{id}', scope: 'webhooks:write', operation: deleteWebhookEndpoint },
  { method: 'GET', path: '/v1/webhook-endpoints/{id}/deliveries', scope: 'webhooks:read', operation: getDeliveries },
  {
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/deliveries/{delivery_id}/replay',
    scope: 'webhooks:write',
    operation: replayDelivery,
  },
  {
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/secret/rotate',
    scope: 'webhooks:write',
    operation: rotateSecret,
  },
  { method: 'POST', path: '/v1/webhook-endpoints/{id}/test', scope: 'webhooks:write', operation: testWebhookEndpoint },

  { method: 'POST', path: '/v1/api-keys', scope: 'keys:admin', operation: createApiKey },
  { method: 'GET', path: '/v1/api-keys', scope: 'keys:admin', operation: getApiKeys },
  { method: 'GET', path: '/v1/api-keys/{id}', scope: 'keys:admin', operation: getApiKey },
  { method: 'POST', path: '/v1/api-keys/{id}/rotate', scope: 'keys:admin', operation: rotateApiKey },
  { method: 'POST', path: '/v1/api-keys/{id}/expire', scope: 'keys:admin', operation: expireApiKey },
  { method: 'DELETE', path: '/v1/api-keys/{id}', scope: 'keys:admin', operation: revokeApiKey },

  { method: 'GET', path: '/v1/events', scope: 'events:read', operation: getEvents },
  { method: 'GET', path: '/v1/exports/transfers.csv', scope: 'transfers:read', operation: exportTransfers },
  { method: 'GET', path: '/v1/exports/postings.csv', scope: 'entries:read', operation: exportPostings },

  { method: 'GET', path: '/v1/audit', scope: 'audit:read', operation: getAudit },
  { method: 'POST', path: '/v1/entries', scope: 'entries:write', operation: createEntry },
  { method: 'GET', path: '/v1/entries', scope: 'entries:read', operation: getEntries },
  { method: 'GET', path: '/v1/entries/{id}', scope: 'entries:read', operation: getEntry },
  { method: 'POST', path: '/v1/entries/{id}/reversal', scope: 'entries:write', operation: reverseEntry },
  { method: 'POST', path: '/v1/periods/{month}/close', scope: 'entries:admin', operation: closePeriod },
  { method: 'GET', path: '/v1/periods', scope: 'entries:read', operation: getPeriods },
  { method: 'GET', path: '/v1/periods/{month}', scope: 'entries:read', operation: getPeriod },
  { method: 'POST', path: '/v1/statements', scope: 'statements:write', operation: createStatement },
  { method: 'GET', path: '/v1/statements', scope: 'statements:read', operation: getStatements },
  { method: 'GET', path: '/v1/statements/{id}', scope: 'statements:read', operation: getStatement },
  { method: 'GET', path: '/v1/statements/{id}/postings', scope: 'statements:read', operation: getStatementPostings },
  { method: 'POST', path: '/v1/statements/{id}/links', scope: 'statements:read', operation: createStatementLink },
  { method: 'GET', path: '/v1/statement-plan', scope: 'statements:read', operation: getStatementPlan },
  { method: 'PATCH', path: '/v1/statement-plan', scope: 'accounts:admin', operation: changeStatementPlan },
  { method: 'GET', path: '/v1/statement-runs', scope: 'operations', operation: getStatementRuns },
  {
    method: 'PATCH',
    path: '/v1/statement-runs/{tenant_id}/{month}',
    scope: 'operations',
    operation: changeStatementRun,
  },
  { method: 'GET', path: '/v1/trial-balance', scope: 'entries:read', operation: getTrialBalance },
  { method: 'GET', path: '/v1/rails', scope: null, operation: getRails },
  { method: 'GET', path: '/v1/currencies', scope: null, operation: getCurrencies },
  { method: 'GET', path: '/v1/me', scope: null, operation: getMe },

  { method: 'POST', path: '/account', scope: 'accounts:write', operation: openBankAccount },
  { method: 'POST', path: '/balance', scope: 'accounts:read', operation: readBankBalance },
  { method: 'POST', path: '/add_balance', scope: 'transfers:write', operation: addBalance },
  { method: 'POST', path: '/transfer', scope: 'transfers:write', operation: moveMoney },
  { method: 'GET', path: '/get_all_accounts', scope: 'accounts:read', operation: getAllAccounts },
  { method: 'GET', path: '/get_all_transactions', scope: 'transfers:read', operation: getAllBankTransfers },
  { method: 'GET', path: '/get_all_data', scope: 'accounts:read', operation: getAllData },
];

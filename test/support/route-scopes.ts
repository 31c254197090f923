import type { Scope } from '../../domain/scope.ts';

/**
 * What a key must allow for each route, typed by hand beside `api/routes.ts`: a scope that is changed there by mistake, or a new
 * route, makes `test/rules/scopes.test.ts` fail until somebody writes here what they mean. Null: any key will do. Of
 * several the first stands in the table; the others are asked for by the operation.
 */
export const routeScopes: Readonly<Record<string, Scope | readonly Scope[] | null>> = {
  'POST /v1/transfers': 'transfers:write',
  'POST /v1/periods/{month}/close': 'entries:admin',
  'GET /v1/periods': 'entries:read',
  'GET /v1/periods/{month}': 'entries:read',
  'GET /v1/transfers': 'transfers:read',
  'GET /v1/transfers/{id}': 'transfers:read',
  'GET /v1/transfers/{id}/events': 'transfers:read',
  'GET /v1/transfers/{id}/attempts': 'transfers:read',
  'POST /v1/transfers/batch': 'transfers:write',
  'POST /v1/transfers/preview': 'transfers:write',
  'POST /v1/transfers/{id}/cancellation': 'transfers:write',
  'POST /v1/transfers/{id}/reversal': 'transfers:write',

  'POST /v1/accounts': 'accounts:write',
  'GET /v1/accounts': 'accounts:read',
  'GET /v1/accounts/{id}': 'accounts:read',
  'PATCH /v1/accounts/{id}': 'accounts:write',
  'GET /v1/accounts/{id}/balance': 'accounts:read',
  'GET /v1/accounts/{id}/postings': 'accounts:read',

  'POST /v1/holds': 'holds:write',
  'GET /v1/holds': 'holds:read',
  'GET /v1/holds/{id}': 'holds:read',
  'POST /v1/holds/{id}/captures': 'holds:write',
  'POST /v1/holds/{id}/release': 'holds:write',

  'POST /v1/webhook-endpoints': 'webhooks:write',
  'GET /v1/webhook-endpoints': 'webhooks:read',
  'GET /v1/webhook-endpoints/{id}': 'webhooks:read',
  'PATCH /v1/webhook-endpoints/{id}': 'webhooks:write',
  'DELETE /v1/webhook-endpoints/{id}': 'webhooks:write',
  'GET /v1/webhook-endpoints/{id}/deliveries': 'webhooks:read',
  'POST /v1/webhook-endpoints/{id}/deliveries/{delivery_id}/replay': 'webhooks:write',
  'POST /v1/webhook-endpoints/{id}/secret/rotate': 'webhooks:write',
  'POST /v1/webhook-endpoints/{id}/test': 'webhooks:write',

  'POST /v1/api-keys': 'keys:admin',
  'GET /v1/api-keys': 'keys:admin',
  'GET /v1/api-keys/{id}': 'keys:admin',
  'POST /v1/api-keys/{id}/rotate': 'keys:admin',
  'POST /v1/api-keys/{id}/expire': 'keys:admin',
  'DELETE /v1/api-keys/{id}': 'keys:admin',

  'GET /v1/events': 'events:read',
  'GET /v1/exports/transfers.csv': 'transfers:read',
  'GET /v1/exports/postings.csv': 'entries:read',

  'GET /v1/audit': 'audit:read',
  'POST /v1/entries': 'entries:write',
  'GET /v1/entries': 'entries:read',
  'GET /v1/entries/{id}': 'entries:read',
  'POST /v1/entries/{id}/reversal': 'entries:write',
  'POST /v1/statements': 'statements:write',
  'GET /v1/statements': 'statements:read',
  'GET /v1/statements/{id}': 'statements:read',
  'GET /v1/statements/{id}/postings': 'statements:read',
  'POST /v1/statements/{id}/links': 'statements:read',
  'GET /v1/statement-plan': 'statements:read',
  'PATCH /v1/statement-plan': 'accounts:admin',
  'GET /v1/statement-runs': 'operations',
  'PATCH /v1/statement-runs/{tenant_id}/{month}': 'operations',
  'GET /v1/trial-balance': 'entries:read',
  'GET /v1/rails': null,
  'GET /v1/currencies': null,
  'GET /v1/me': null,

  'POST /account': 'accounts:write',
  'POST /balance': 'accounts:read',
  'POST /add_balance': 'transfers:write',
  'POST /transfer': 'transfers:write',
  'GET /get_all_accounts': 'accounts:read',
  'GET /get_all_transactions': 'transfers:read',
  'GET /get_all_data': ['accounts:read', 'transfers:read'],
};

/** The scopes that a route needs, of the table. */
export const scopesOf = (route: string): readonly Scope[] => [routeScopes[route] ?? []].flat();

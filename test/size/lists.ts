import type { z } from 'zod';
import type { accountQuery, postingQuery } from '../../api/accounts/schema.ts';
import type { auditQuery } from '../../api/audit/schema.ts';
import type { entryQuery } from '../../api/entries/schema.ts';
import { toFeedCursor } from '../../api/events/cursor.ts';
import type { feedQuery } from '../../api/events/schema.ts';
import type { holdQuery } from '../../api/holds/schema.ts';
import { toList } from '../../api/http/pagination.ts';
import type { statementPostingQuery, statementQuery } from '../../api/statements/schema.ts';
import type { transferQuery } from '../../api/transfers/schema.ts';
import type { deliveryQuery } from '../../api/webhook-endpoints/schema.ts';
import { toPublic } from '../../domain/ids.ts';
import { transferStates } from '../../domain/transfer.ts';
import { feedStart } from '../../ledger/read/event-feed.ts';
import type { Cost } from './blocks.ts';
import { sizeId } from './book.ts';

/**
 * Values of a parameter, as a client sends them, by what they match of the size book: `many` rows, so that a page is full, `none`, a
 * `few`, or `old` ones, which a walk from the newest meets last.
 */
type Values = Readonly<Partial<Record<'many' | 'none' | 'few' | 'old' | 'all', string>>>;

/** The parameters of a query without the length of a page: those that narrow the list, and where the page begins. */
type Filters<Query extends z.ZodType> = Readonly<Record<Exclude<keyof z.input<Query> & string, 'limit'>, Values>>;

/** A list of the API as it is asked on the size book. */
export type ListCases = {
  filters: Readonly<Record<string, Values>>;
  /** What stands for `{id}` in its path. */
  id?: string;
  /** Parameters that are refused beside any other. */
  alone?: readonly string[];
  /** What no index answers by itself: a page ends after the rows that it looked at, and costs at most so much. */
  walks?: Readonly<Record<string, Cost>>;
};

/** What a page costs that an index answers. */
export const onePage: Cost = { blocks: 500, rows: 500 };
/** A page of 1,000 rows that it looked at, of each of the two accounts that a row may have: walked, looked up, and walked for the next cursor. */
const walk: Cost = { blocks: 7_500, rows: 8_000 };
/** The same for each state on each rail, which are branches of their own. */
const walkOfStates: Cost = { blocks: 15_000, rows: 20_000 };
/** A page of the feed looks at 2,000 events, and then at which of them match. */
const walkOfEvents: Cost = { blocks: 7_000, rows: 4_500 };

const account = (n: number) => toPublic('account', sizeId('account', n));
const endpoint = toPublic('webhookEndpoint', sizeId('endpoint', 1));
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
/** A page that begins so many days ago, at an id or number, of the list of a thing. */
const page = (list: string, days: number, tiebreak = sizeId('transfer', 1), of = ''): Values => ({
  old: toList(list, { rows: [], next: { time: daysAgo(days), tiebreak } }, () => null, of).next_cursor ?? '',
});
/** Bounds of a time whose oldest row is so many days old. */
const from = { many: daysAgo(400), none: daysAgo(-1) };
const to = (days: number) => ({ many: daysAgo(-1), none: daysAgo(2_000), old: daysAgo(days) });

const transfers: Filters<typeof transferQuery> = {
  status: { many: 'completed', none: 'cancelled,reversed', old: 'failed', all: transferStates.join(',') },
  account_id: { many: account(1), none: account(2), old: account(8) },
  rail: { many: 'instant', old: 'book' },
  reference: { many: 'rent', none: 'no such', few: 'bill 1' },
  attention: { many: 'true', old: 'false' },
  idempotency_key: { few: 'open 2', none: 'no such' },
  created_from: { ...from, few: daysAgo(299) },
  created_to: to(299),
  cursor: page('transfers', 290),
};

const accounts: Filters<typeof accountQuery> = {
  reference: { many: 'payroll', none: 'no such', old: 'customer 6' },
  status: { many: 'open', few: 'frozen' },
  kind: { many: 'customer', few: 'funding', none: 'bank' },
  cursor: page('accounts', 395),
};

const postings: Filters<typeof postingQuery> = {
  from,
  to: to(1.1),
  cursor: page('postings', 1.1, '200000', sizeId('account', 1)),
};

const holds: Filters<typeof holdQuery> = {
  account_id: { many: account(1), none: account(2), few: account(8) },
  status: { many: 'open', none: 'expired', old: 'captured' },
  reference: { many: 'cart', none: 'no such', old: 'cart 6' },
  cursor: page('holds', 59),
};

const deliveries: Filters<typeof deliveryQuery> = {
  outcome: { many: 'failed', none: 'delivered' },
  created_from: from,
  created_to: to(3),
  cursor: page('deliveries', 3, undefined, sizeId('endpoint', 1)),
};

const audit: Filters<typeof auditQuery> = {
  subject: { many: 'x', none: 'no such', old: 'y' },
  actor: { many: 'olga', none: 'no such', old: 'erik' },
  action: { many: 'account.changed', none: 'no.such', old: 'tenant.renamed' },
  created_from: from,
  created_to: to(69),
  cursor: page('audit', 69),
};

const entries: Filters<typeof entryQuery> = {
  account_id: { many: account(1), none: account(2) },
  transfer_id: {
    few: toPublic('transfer', sizeId('transfer', 2)),
    none: toPublic('transfer', sizeId('transfer', 2_000_002)),
  },
  idempotency_key: { few: 'open 2', none: 'no such' },
  created_from: from,
  created_to: to(1.1),
  effective_from: from,
  effective_to: to(1.1),
  cursor: page('entries', 1.1),
};

const statements: Filters<typeof statementQuery> = {
  account_id: { many: account(1), none: account(2), few: account(20_000) },
  month: { many: '2025-01', none: '2001-01', old: '1600-02' },
  // The newest are on request and not ready: a walk to those that are monthly, or ready, meets them first.
  kind: { many: 'interim', all: 'monthly', old: 'final' },
  status: { many: 'cut', all: 'ready' },
  cursor: page('statements', 100, sizeId('statement', 1)),
};

const statementPostings: Filters<typeof statementPostingQuery> = {
  cursor: page('statement_postings', 1.1, '50000', sizeId('statement', 400_000)),
};

const events: Filters<typeof feedQuery> = {
  after: { none: 'latest', many: toFeedCursor({ ...feedStart, since: daysAgo(200) }) },
  type: { many: 'transfer.*', none: 'hold.captured,account.*' },
  wait_ms: { many: '500' },
};

/** Every list of the API, by its path. */
export const lists: Readonly<Record<string, ListCases>> = {
  '/v1/transfers': {
    filters: transfers,
    alone: ['idempotency_key'],
    walks: {
      attention: walk,
      'status account_id': walk,
      'status reference': walk,
      'status attention': walkOfStates,
      'account_id rail': walk,
      'account_id reference': walk,
      'account_id attention': walk,
      'rail reference': walk,
      'rail attention': walkOfStates,
      'reference attention': walk,
      'attention created_from': walk,
      'attention created_to': walk,
    },
  },
  '/v1/accounts': {
    filters: accounts,
    walks: { 'reference status': walk, 'reference kind': walk, 'status kind': walk },
  },
  '/v1/accounts/{id}/postings': { filters: postings, id: account(1) },
  '/v1/holds': {
    filters: holds,
    walks: { 'account_id status': walk, 'account_id reference': walk, 'status reference': walk },
  },
  '/v1/webhook-endpoints': { filters: { cursor: page('webhook_endpoints', -1) } },
  '/v1/webhook-endpoints/{id}/deliveries': { filters: deliveries, id: endpoint },
  '/v1/api-keys': { filters: { cursor: page('api_keys', 300) } },
  '/v1/events': {
    filters: events,
    walks: { type: walkOfEvents, 'after type': walkOfEvents, 'type wait_ms': walkOfEvents },
  },
  '/v1/audit': {
    filters: audit,
    walks: { 'subject actor': walk, 'subject action': walk, 'actor action': walk },
  },
  '/v1/entries': {
    filters: entries,
    alone: ['idempotency_key'],
    walks: {
      'account_id effective_from': walk,
      'account_id effective_to': walk,
      'created_from effective_from': walk,
      'created_from effective_to': walk,
      'created_to effective_from': walk,
      'created_to effective_to': walk,
    },
  },
  '/v1/statements': {
    filters: statements,
    walks: {
      kind: walk,
      status: walk,
      'account_id month': walk,
      'account_id kind': walk,
      'account_id status': walk,
      'month kind': walk,
      'month status': walk,
      'kind status': walk,
    },
  },
  '/v1/statements/{id}/postings': {
    filters: statementPostings,
    id: toPublic('statement', sizeId('statement', 400_000)),
  },
  '/v1/statement-runs': { filters: { cursor: page('statement_runs', 300, '0') } },
  '/v1/periods': { filters: { cursor: page('periods', 300, '0') } },
  '/get_all_accounts': { filters: { cursor: page('simple_accounts', 395) } },
  '/get_all_transactions': { filters: { cursor: page('simple_transactions', 290) } },
  '/get_all_data': {
    filters: { cursor: { old: `${page('simple_accounts', 395).old}.${page('simple_transactions', 290).old}` } },
  },
};

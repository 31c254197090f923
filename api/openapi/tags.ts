import { check } from '../../domain/check.ts';
import type { Route } from '../http/operation.ts';

type Tag = { name: string; description: string };

/** The groups of operations, in the order of the docs page, by the first step of their addresses below `/v1`. */
const tags: Readonly<Record<string, Tag>> = {
  transfers: {
    name: 'Transfers',
    description:
      'Money from one account to another, or to an account at a bank. The answer to a request says what the ledger decided; what a bank decides comes later, in `status` ([states](/states)).',
  },
  accounts: {
    name: 'Accounts',
    description:
      'What holds money: `posted` is final, `held` is reserved, `available` is `posted` less `held`. Customer money comes in from an account of the kind `funding`.',
  },
  holds: {
    name: 'Holds',
    description: 'Money that you reserve now, and capture, in one part or several, or release later.',
  },
  entries: {
    name: 'Entries',
    description:
      'Balanced, immutable sets of legs. Every transfer that completes writes one; programs that only need a ledger write their own.',
  },
  periods: { name: 'Periods', description: 'A closed month takes no more entries.' },
  statements: {
    name: 'Statements',
    description:
      'What happened on an account in a month, or until now: figures that never change, and files to keep (PDF, JSON, CSV, ISO 20022).',
  },
  'statement-plan': {
    name: 'Statement plan',
    description: "How the tenant's statements are made: time zone, language, and who issues them.",
  },
  'statement-runs': {
    name: 'Statement runs',
    description: 'How far the statements of each month are, for who operates the platform.',
  },
  'trial-balance': {
    name: 'Trial balance',
    description: 'Debits and credits of all accounts, which are always equal.',
  },
  events: {
    name: 'Events',
    description: 'Everything that happened, oldest first. A reader that keeps its cursor misses nothing.',
  },
  exports: { name: 'Exports', description: 'Transfers and postings of a period as CSV, for accountants.' },
  'webhook-endpoints': {
    name: 'Webhook endpoints',
    description:
      'Where notices are sent: signed (Standard Webhooks), in order per thing, about ten tries in 75 hours. Then the endpoint is disabled, and what waits is kept for 30 days.',
  },
  'api-keys': { name: 'API keys', description: 'What programs authenticate with. A secret is shown once.' },
  audit: { name: 'Audit', description: 'Who changed which setting, key or account, with before and after.' },
  rails: { name: 'Rails', description: 'The networks that carry money, and whether each works now.' },
  currencies: {
    name: 'Currencies',
    description: 'The currencies of the ledger, with the decimals of their minor units.',
  },
  me: { name: 'Me', description: 'The key of this request: its tenant, its scopes, its limits.' },
};

const simpleBank: Tag = {
  name: 'Simple bank',
  description: 'A bank in nine routes, over the same ledger, keys and scopes. Amounts are strings of minor units.',
};

/** What needs no key. */
export const platform: Tag = {
  name: 'Platform',
  description: 'Whether it is there, and what it can do. Needs no key.',
};

/** The group of the operations at an address. */
export const tagOf = (path: string): string => tagAt(path).name;

function tagAt(path: string): Tag {
  const [, version, thing = ''] = path.split('/');
  if (version !== 'v1') return simpleBank;
  const tag = tags[thing];
  check(tag, `api/openapi/tags.ts has no text for ${path}`);
  return tag;
}

/** The groups of these routes, in the order of the docs page. */
export function tagsOf(routes: readonly Route[]): Tag[] {
  const used = new Set(routes.map(({ path }) => tagAt(path)));
  return [...Object.values(tags), simpleBank].filter((tag) => used.has(tag)).concat(platform);
}

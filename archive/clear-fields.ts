import type { SubjectType } from '../domain/event.ts';
import {
  actor,
  amount,
  type Clear,
  code,
  count,
  currency,
  type Form,
  flag,
  idOf,
  idsOf,
  locale,
  month,
  monthOrQueue,
  ordinal,
  sha256,
  time,
  word,
  words,
  zone,
} from './clear-forms.ts';

/**
 * What may be read in the archive of an event's evidence and of an act's detail: ids, words of our lists, amounts, counts, times and hashes. It is a
 * boundary: what is archived cannot be taken back. So a field that is not listed is not there, nor is a listed one whose value has another form; both
 * are in the commitment. Never listed: names, descriptions, references, metadata, bank details, addresses of networks and of people, URLs, reasons
 * that somebody wrote, and parts of secrets.
 */
type Fields = { readonly [name: string]: Form | Fields };

/** Evidence of events, by what they are about. */
const evidence: Readonly<Record<SubjectType, Fields>> = {
  transfer: {
    source: word,
    code,
    send: count,
    entry_id: idOf('entry'),
    actor,
    reversed_by_id: idOf('transfer'),
    outcome: word,
    next: { what: word, at: time, waiting_for: word },
    refusal: { code: word, detail: code },
  },
  account: {},
  hold: {
    source: word,
    entry_id: idOf('entry'),
    amount,
    returned_amount: amount,
    currency,
    expires_at: time,
  },
  entry: { source: word },
  api_key: { expires_at: time },
  webhook_endpoint: { old_secret_until: time },
  statement: {
    account_id: idOf('account'),
    kind: word,
    number: count,
    edition: count,
    month,
    document_sha256: sha256,
  },
  statement_run: { month, starts_at: time, ends_at: time, statements: count, digest: sha256 },
  checkpoint: { sha256, epoch: count, segment: count, tree_size: count, signed_at: time },
};

/** `subject`: which form the thing has that the act is about. */
type Act = { subject: Form; detail: Fields };

const changed = (fields: Fields): Fields => ({ before: fields, after: fields });
const tenant = (detail: Fields): Act => ({ subject: idOf('tenant'), detail });
const apiKey = (detail: Fields): Act => ({ subject: idOf('apiKey'), detail });
const account = (detail: Fields): Act => ({ subject: idOf('account'), detail });
const endpoint = (detail: Fields): Act => ({ subject: idOf('webhookEndpoint'), detail });
const statement = (detail: Fields): Act => ({ subject: idOf('statement'), detail });
const rail: Act = { subject: word, detail: {} };
const endpointValues = changed({ event_types: words, status: word });

/** Acts of the audit. A test compares them with those that the ledger writes. */
const acts: Readonly<Record<string, Act>> = {
  'tenant.created': tenant({}),
  'tenant.disabled': tenant(changed({ disabled: flag })),
  'tenant.enabled': tenant(changed({ disabled: flag })),
  'tenant.limited': tenant(changed({ rate_limit: count })),
  'api_key.created': apiKey(
    changed({
      scopes: words,
      rate_limit: count,
      expires_at: time,
      account_ids: idsOf('account'),
      amount_max: amount,
      replaces_id: idOf('apiKey'),
    }),
  ),
  'api_key.expiry_set': apiKey(changed({ expires_at: time })),
  'api_key.revoked': apiKey(changed({ revoked: flag })),
  'account.opened': account(changed({ kind: word, currency, overdraft_limit: amount })),
  'account.changed': account(changed({ status: word, overdraft_limit: amount })),
  'webhook_endpoint.created': endpoint(endpointValues),
  'webhook_endpoint.changed': endpoint(endpointValues),
  'webhook_endpoint.deleted': endpoint(endpointValues),
  'webhook_endpoint.secret_rotated': endpoint({ old_secret_until: time }),
  'webhook_endpoint.tested': endpoint({}),
  'webhook_endpoint.resumed': endpoint({}),
  'notice.replayed': endpoint({ delivery_id: idOf('delivery'), event_id: idOf('event') }),
  'period.closed': { subject: month, detail: { first: month } },
  'rail.paused': rail,
  'rail.resumed': rail,
  'transfer.attention_acknowledged': { subject: idOf('transfer'), detail: { reason: word } },
  'statement.requested': statement({ account_id: idOf('account') }),
  'statement.reissued': statement({ edition: count }),
  'statement.link_made': statement({ format: word, part: count }),
  'statement_plan.changed': tenant(changed({ zone, locale, quiet: word, keep_years: count })),
  'statement_month.ended': { subject: month, detail: { early: flag } },
  'statement_month.paced': { subject: month, detail: changed({ pace: count }) },
  'statement_month.retried': { subject: monthOrQueue, detail: { statements: count } },
  'archive.epoch_begun': { subject: ordinal, detail: {} },
  'month.detaching_begun': { subject: month, detail: {} },
  'month.detached': { subject: month, detail: { entries: count, postings: count, events: count } },
  'month.attached': { subject: month, detail: {} },
};

type Values = Readonly<Record<string, unknown>>;
type ClearFields = { readonly [name: string]: Clear };

/** What may be read of the evidence of an event about such a thing. */
export const clearEvidence = (subjectType: SubjectType, values: Values): ClearFields =>
  clearOf(evidence[subjectType], values);

/** What may be read of an act. `subject` null: the act is not known here, or its subject has another form. */
export function clearAct(action: string, { subject, detail }: { subject: string; detail: Values }) {
  const act = Object.hasOwn(acts, action) ? acts[action] : undefined;
  return { subject: act?.subject(subject) ?? null, detail: clearOf(act?.detail ?? {}, detail) };
}

function clearOf(fields: Fields, values: Values): ClearFields {
  const clear: Record<string, Clear> = {};
  for (const [name, form] of Object.entries(fields)) {
    if (!Object.hasOwn(values, name)) continue;
    const value = values[name];
    const its = typeof form === 'function' ? form(value) : clearInside(form, value);
    if (its !== undefined) clear[name] = its;
  }
  return clear;
}

/** The same for what is inside of a field, which is left out when nothing of it may be read. */
function clearInside(fields: Fields, value: unknown): ClearFields | undefined {
  if (!isValues(value)) return undefined;
  const clear = clearOf(fields, value);
  return Object.keys(clear).length > 0 ? clear : undefined;
}

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

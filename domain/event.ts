import { type Thing, toPublic } from './ids.ts';
import { transferStates } from './transfer.ts';

/** What an event can be about, in the database and in the API, and the thing whose public id its subject has. */
export const subjectThings = {
  transfer: 'transfer',
  account: 'account',
  hold: 'hold',
  entry: 'entry',
  api_key: 'apiKey',
  webhook_endpoint: 'webhookEndpoint',
  statement: 'statement',
  statement_run: 'statementRun',
  checkpoint: 'checkpoint',
} as const satisfies Record<string, Thing>;

export type SubjectType = keyof typeof subjectThings;

/**
 * What the last part of an event's type may be: for a transfer the state that it led to, for another thing its cause. A program
 * that subscribes to one that is not listed is refused, so that a misspelled type does not look like a quiet one.
 */
const endings: Readonly<Record<SubjectType, readonly string[]>> = {
  transfer: transferStates,
  account: ['opened', 'changed', 'frozen', 'unfrozen', 'closed'],
  hold: ['created', 'captured', 'released', 'expired'],
  entry: ['posted', 'reversed'],
  api_key: ['created', 'changed', 'rotated', 'revoked'],
  webhook_endpoint: ['created', 'changed', 'enabled', 'disabled', 'deleted', 'secret_rotated', 'tested'],
  statement: ['ready'],
  statement_run: ['run_closed'],
  checkpoint: ['published'],
};

/** What the types of events about a thing begin with: the thing, but a run is one of statements. */
const familyOf = (subject: string): string => (subject === 'statement_run' ? 'statement' : subject);

const eventTypes: readonly string[] = Object.entries(endings).flatMap(([subject, its]) =>
  its.map((ending) => `${familyOf(subject)}.${ending}`),
);

/** What a client may ask for: a type, or `transfer.*` for all of a subject. */
export const eventTypePatterns: readonly string[] = [
  ...new Set(Object.keys(subjectThings).map((subject) => `${familyOf(subject)}.*`)),
  ...eventTypes,
];

/**
 * The type of an event, for clients: a transfer's by the state that it led to (`transfer.completed`), that of another thing by
 * its cause (`account.frozen`), and that of a run of statements is one of `statement`. `ledger.event_type` says the same.
 */
export const eventTypeOf = ({
  subjectType,
  cause,
  to,
}: {
  subjectType: SubjectType;
  cause: string;
  to: string;
}): string => `${familyOf(subjectType)}.${subjectType === 'transfer' ? to : cause}`;

/** Members of evidence that hold ids of ours, and of what. */
const idMembers: Readonly<Record<string, Thing>> = {
  entry_id: 'entry',
  reversed_by_id: 'transfer',
  account_id: 'account',
};

/** What an event rests on, for clients: they know things and keys by their public ids. An actor is a key, or the name of an operator. */
export const publicEvidence = (evidence: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, withPublicId(name, value)]));

function withPublicId(name: string, value: unknown): unknown {
  const thing = idMembers[name];
  if (typeof value !== 'string') return value;
  if (name === 'actor')
    return value.replace(/^api_key:([0-9a-f-]{36})$/, (_, id: string) => `api_key:${toPublic('apiKey', id)}`);
  return thing === undefined ? value : toPublic(thing, value);
}

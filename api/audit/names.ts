import { fromPublic, prefixes, type Thing, toPublic, type Uuid } from '../../domain/ids.ts';

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const keyActor = /^api_key:(.+)$/;

/** What an action is about, by the first part of its name. */
const things: Readonly<Record<string, Thing>> = {
  account: 'account',
  api_key: 'apiKey',
  notice: 'webhookEndpoint',
  statement: 'statement',
  statement_plan: 'tenant',
  tenant: 'tenant',
  transfer: 'transfer',
  webhook_endpoint: 'webhookEndpoint',
};

/** The public id of what was changed; the text itself for what has none, such as a rail. */
export const subjectOf = (action: string, subject: string): string => {
  const thing = things[action.split('.')[0] ?? ''];
  return thing !== undefined && uuidForm.test(subject) ? toPublic(thing, subject) : subject;
};

/** Who did it: the public id of a key, or a name such as `operator`. */
export const actorOf = (actor: string): string => {
  const [, id = ''] = keyActor.exec(actor) ?? [];
  return uuidForm.test(id) ? toPublic('apiKey', id) : actor;
};

/** A subject as a client asks for it, as the audit writes it. */
export const toSubject = (text: string): string => uuidOf(text) ?? text;

/** An actor as a client asks for it, as the audit writes it. */
export const toActor = (text: string): string => {
  const id = fromPublic('apiKey', text);
  return id === null ? text : `api_key:${id}`;
};

function uuidOf(text: string): Uuid | null {
  const thing = thingsByPrefix.get(text.slice(0, 2));
  return thing === undefined ? null : fromPublic(thing, text);
}

// The keys of a constant.
const thingsByPrefix = new Map(Object.entries(prefixes).map(([thing, prefix]) => [prefix as string, thing as Thing])); // oxlint-disable-line typescript/no-unsafe-type-assertion

/** Members of a change that hold ids of ours, and of what. */
const idMembers: Readonly<Record<string, Thing>> = {
  account_id: 'account',
  account_ids: 'account',
  delivery_id: 'delivery',
  event_id: 'event',
  replaces_id: 'apiKey',
};

/** The values of a change, with ids as clients know them. */
export const toValues = (values: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, withPublicIds(idMembers[name], value)]));

function withPublicIds(thing: Thing | undefined, value: unknown): unknown {
  if (thing === undefined) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => withPublicIds(thing, one));
  return typeof value === 'string' && uuidForm.test(value) ? toPublic(thing, value) : value;
}

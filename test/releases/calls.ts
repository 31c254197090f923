import pg from 'pg';
import { z } from 'zod';
import { createPool } from '../../drizzle/client.ts';
import { writerSettings } from '../../drizzle/session.ts';
import type { FreshDatabase } from '../support/fixtures/database.ts';
import { type Names, roles, type StoryPools } from './names.ts';

/** What an answer looks like: a JSON type, or those of its members; of an array the first member's. */
export type Shape = string | { [key: string]: Shape } | Shape[];

/** One call of a verb, as a program of a release makes it. What is new in each run stands in it as `{name}`. */
export type Call = { role: keyof StoryPools; text: string; values: unknown[]; answer: Shape };

/** Pools of one connection each, by the roles that call verbs. `onCall` gets each call and its answer. */
export function storyPools(
  { url, api, worker }: Pick<FreshDatabase, 'url' | 'api' | 'worker'>,
  onCall: (call: { role: Call['role']; text: string; values: unknown[]; answer: unknown }) => void = () => {},
): StoryPools & { end: () => Promise<void> } {
  const pools = {
    owner: new pg.Pool({ connectionString: url, max: 1 }),
    api: createPool({ url: api, max: 1, name: 'story-api' }),
    worker: createPool({ url: worker, max: 1, name: 'story-worker', settings: writerSettings }),
  };
  // A test that fails leaves connections, which its database's end then breaks.
  pools.owner.on('error', () => {});
  for (const role of roles) {
    pools[role].on('connect', (client) => {
      const query = client.query.bind(client);
      const recordedQuery = async (text: string, values: unknown[]) => {
        const result = await query<{ answer: unknown }>(text, values);
        onCall({ role, text, values, answer: result.rows[0]?.answer });
        return result;
      };
      Object.assign(client, { query: recordedQuery });
    });
  }
  return { ...pools, end: async () => void (await Promise.all(roles.map((role) => pools[role].end()))) };
}

/** The call with what is new in its run taken out: `{ada}` in place of Ada's id. */
export function withoutNames(values: unknown[], names: Names): unknown[] {
  let text = JSON.stringify(values);
  for (const [name, value] of Object.entries(names))
    text = text.replaceAll(asWritten(name, value), asWritten(name, `{${name}}`));
  return JSON.parse(text);
}

/** The same call with the names of another run, as the driver takes it. */
export function withNames(values: unknown[], names: Names): unknown[] {
  let text = JSON.stringify(values);
  for (const [name, value] of Object.entries(names))
    text = text.replaceAll(asWritten(name, `{${name}}`), asWritten(name, value));
  return JSON.parse(text, revived);
}

/** A month is also the beginning of a time: only where it stands alone it is one. */
const asWritten = (name: string, value: string): string => (name === 'month' ? JSON.stringify(value) : value);

/** What the database made and later calls name. */
export function learned(text: string, answer: unknown): Names {
  if (!text.includes('ledger.take_statements(')) return {};
  const [taken] = z.looseObject({ taken: z.array(z.looseObject({ lease: z.string() })) }).parse(answer).taken;
  return taken ? { lease: taken.lease } : {};
}

/** Bytes travel through JSON as Node writes them. */
const revived = (_: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('data' in value) || !Array.isArray(value.data)) return value;
  return Buffer.from(value.data.map(Number));
};

export function shapeOf(value: unknown): Shape {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
}

/** Where an answer has not what a program reads of it: paths, each with what it found. More than it reads is no harm. */
export function missing(wanted: Shape, found: Shape | undefined, path = 'answer'): string[] {
  if (wanted === 'null') return [];
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found)) return [`${path} is no array`];
    return wanted[0] === undefined ? [] : missing(wanted[0], found[0], `${path}[0]`);
  }
  if (typeof wanted === 'string') return found === wanted ? [] : [`${path} is ${JSON.stringify(found)}, not ${wanted}`];
  if (typeof found !== 'object' || Array.isArray(found)) return [`${path} is no object`];
  return Object.entries(wanted).flatMap(([key, shape]) => missing(shape, found[key], `${path}.${key}`));
}

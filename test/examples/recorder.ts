import { expect } from '@jest/globals';
import { routes } from '../../api/routes.ts';
import { prefixes, type Thing, toPublic } from '../../domain/ids.ts';
import type { Api, Reply } from '../support/harness/api.ts';

/** One request of the story and its answer, as the document shows them. */
export type Example = { name: string; request?: unknown; status: number; response?: unknown };
/** By operation id. */
export type Examples = Record<string, Example[]>;

type RequestParts = {
  name?: string;
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  key?: string;
  secret?: string;
};

/** Calls operations by their ids, and keeps what was sent and answered. Every answer must fit the schema of its operation. */
export function createRecorder(api: Api): {
  examples: Examples;
  call(operationId: string, parts?: RequestParts): Promise<Reply>;
} {
  const examples: Examples = {};
  return {
    examples,
    call: async (operationId, { name = 'example', params = {}, query = '', body, key, secret } = {}) => {
      const route = routes.find(({ operation }) => operation.id === operationId);
      if (route === undefined) throw new Error(`There is no operation ${operationId}.`);
      const path = `${route.path.replaceAll(/\{([a-z_]+)\}/g, (_, step: string) => params[step] ?? '')}${query}`;
      const reply = await api.call(path, {
        method: route.method,
        ...(body !== undefined && { body }),
        ...(key !== undefined && { key }),
        ...(secret !== undefined && { secret }),
      });
      expect([operationId, reply.status, reply.body]).toEqual([operationId, route.operation.status, reply.body]);
      const { response, responseType } = route.operation;
      const answer: unknown = responseType === undefined ? reply.body : reply.text;
      if (response) expect([operationId, response.safeParse(answer).error?.issues]).toEqual([operationId, undefined]);
      const example = { name, ...(body !== undefined && { request: body }), status: reply.status };
      examples[operationId] = [...(examples[operationId] ?? []), response ? { ...example, response: answer } : example];
      return reply;
    },
  };
}

/**
 * The same examples with ids, times and secrets in place of those of the run: what belongs together stays together, and two runs
 * give the same.
 */
export function withoutChance(examples: Examples): Examples {
  const ids = new Map<string, string>();
  const times = new Map<string, string>();
  const text = JSON.stringify(examples)
    // The first cell of a line of a file stands behind an escaped line end.
    .replaceAll(/(?<=\\n|\b)([a-z]{2})_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g, (id, prefix: string) =>
      kept(ids, id, (n) => exampleId(prefix, n)),
    )
    .replaceAll(/\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z\b/g, (time) => kept(times, time, exampleTime))
    .replaceAll(/"qk_[A-Za-z0-9_-]+"/g, `"qk_${'x'.repeat(51)}"`)
    .replaceAll(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}Q[0-9A-Z]\b/g, '01KA5KRQBEFY09M6R000000007Q0')
    .replaceAll(/\bSIM[0-9A-F]{20}\b/g, 'SIM0123456789ABCDEF0123')
    .replaceAll(/"last4":"[^"]+"/g, '"last4":"xxxx"')
    // A link is longer than an address, and signed.
    .replaceAll(
      /"http:\/\/127\.0\.0\.1:[0-9]+\/[^"]*(?:X-Amz-|objects\/|files\/)[^"]*"/g,
      '"https://files.example.com/…"',
    )
    .replaceAll(/http:\/\/127\.0\.0\.1:[0-9]+\//g, 'https://example.com/')
    .replaceAll(/"(document_sha256|sha256)":"[0-9a-f]{64}"/g, `"$1":"${'5e'.repeat(32)}"`)
    // As what a link leads to is called: by ids and days.
    .replaceAll(/"filename":"[^"]+"/g, '"filename":"ac_01ka5krqbefy09m6r000000002-0-20261121-1-1.pdf"')
    .replaceAll(/"whsec_[^"]+"/g, `"whsec_${'x'.repeat(43)}="`)
    // A run is somewhere on its way.
    .replaceAll(/"status":"(?:waiting|cutting)"/g, '"status":"making"')
    // Another test's transaction may withhold events for a moment.
    .replaceAll(/"withheld_since":"[^"]+"/g, '"withheld_since":null')
    .replaceAll(/"next_cursor":"[^"]+"/g, '"next_cursor":"WyJhY2NvdW50cyJd"');
  return JSON.parse(text);
}

function kept(known: Map<string, string>, value: string, make: (n: number) => string): string {
  const instead = known.get(value) ?? make(known.size);
  known.set(value, instead);
  return instead;
}

const uuidStart = '019a8b3c-5d6e-7f80-9a1b-';
const timeStart = Date.parse('2026-11-21T13:00:00.000Z');

function exampleId(prefix: string, n: number): string {
  const things = Object.keys(prefixes) as Thing[];
  const thing = things.find((one) => prefixes[one] === prefix);
  if (thing === undefined) throw new Error(`No thing has the prefix ${prefix}.`);
  return toPublic(thing, `${uuidStart}${n.toString(16).padStart(12, '0')}`);
}

const exampleTime = (n: number): string => new Date(timeStart + n * 1_000).toISOString();

/**
 * What two runs have in common: names, kinds and words, but not which of two times was the same, nor how often a page was read. Of a file:
 * its kinds of lines.
 */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((one) => JSON.stringify(shapeOf(one))))].toSorted();
  if (typeof value === 'string' && value.includes('\r\n')) return shapeOf(value.split('\r\n').map(shapeOfLine));
  if (typeof value === 'string')
    return value
      .replaceAll(/^[a-z]{2}_[0-9a-z]{26}/g, 'id')
      .replaceAll(/^[0-9-]{10}T.*Z$/g, 'time')
      .replaceAll(/^[0-9]{4}-[0-9]{2}$/g, 'month');
  if (typeof value === 'number') return 'number';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}

/** The cells of a line, in their order. */
const shapeOfLine = (line: string): string =>
  line
    .split(',')
    .map((cell) => (/^-?[0-9]+$/.test(cell) ? 'number' : shapeOf(cell)))
    .join();

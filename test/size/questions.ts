import type { Cost } from './blocks.ts';
import type { Counted } from './counting-api.ts';
import { type ListCases, lists, onePage } from './lists.ts';

/**
 * One parameter of a list, or two together: each value of one with each of the other. `matches`: what a value of one parameter
 * matches, by its name in the table; null for two.
 */
export type Question = {
  path: string;
  names: readonly string[];
  requests: readonly { address: string; matches: string | null }[];
  isRefused: boolean;
  max: Cost;
};

/** Every parameter of every list by itself, and every pair of them. */
export const questions: readonly Question[] = Object.entries(lists).flatMap(([path, list]) => {
  const names = Object.keys(list.filters);
  const pairs = names.flatMap((one, n) => names.slice(n + 1).map((other) => [one, other]));
  return [...names.map((name) => [name]), ...pairs].map((one) => toQuestion(path, list, one));
});

function toQuestion(path: string, { filters, id = '', alone = [], walks = {} }: ListCases, names: string[]): Question {
  const [first = [], second] = names.map((name) => Object.entries(filters[name] ?? {}));
  const address = (...values: string[]) =>
    `${path.replace('{id}', id)}?${new URLSearchParams(values.map((value, n): [string, string] => [names[n] ?? '', value]))}`;
  const requests = second
    ? first.flatMap(([, one]) => second.map(([, other]) => ({ address: address(one, other), matches: null })))
    : first.map(([matches, one]) => ({ address: address(one), matches }));
  const isRefused = second !== undefined && names.some((name) => alone.includes(name));
  return { path, names, requests, isRefused, max: walks[names.join(' ')] ?? onePage };
}

export const isDearer = (cost: Cost, max: Cost): boolean => cost.blocks > max.blocks || cost.rows > max.rows;

/** What is wrong with the answer to the n-th address of a question; null when nothing is. */
export function faultOf({ requests, isRefused, max }: Question, n: number, answer: Counted): string | null {
  const { address, matches } = requests[n] ?? {};
  const { status, body, blocks, rows } = answer;
  const isFull = (body.data?.length ?? 0) >= pageDefault;
  const faults = [
    status !== (isRefused ? 400 : 200) && `${status}`,
    isRefused && body.errors?.[0]?.pointer !== 'query/idempotency_key' && 'points at nothing',
    isDearer(answer, max) && `${blocks} blocks, ${rows} rows`,
    matches === 'many' && !isFull && 'does not match many',
    matches === 'none' && body.data?.length !== 0 && 'does not match none',
  ].filter((fault) => fault !== false);
  return faults.length === 0 ? null : `${address}: ${faults.join(', ')}`;
}

const pageDefault = 25;

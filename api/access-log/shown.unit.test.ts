import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { check } from '../../domain/check.ts';
import type { Route } from '../http/operation.ts';
import { routes } from '../routes.ts';

/** Which routes show an account, a balance or a statement: who calls them is counted for the archive (docs/archive.md). */
const shows = {
  getAccount: 'account {id}',
  getBalance: 'balance {id}',
  listAccounts: 'account',
  listPostings: 'account {id}',
  exportPostings: 'account',
  getStatement: 'statement {id}',
  listStatements: 'statement',
  listStatementPostings: 'statement {id}',
  createStatementLink: 'statement {id}',
  listSimpleAccounts: 'account',
  listSimpleData: 'account',
  readSimpleBalance: 'balance {id}',
};

/** What reads as if it did, and does not. */
const showsNone: Record<string, string> = {
  getTrialBalance: 'The sums of all accounts of a kind say nothing of one.',
  getStatementPlan: 'How statements are made, and none of them.',
  listStatementRuns: 'Counts of a month, for the operator of the platform.',
};

const things = ['Account', 'Balance', 'Posting', 'Statement', 'StatementPosting', 'SimpleAccount', 'SimpleBalance'];
const named = /account|balance|posting|statement/;

/** The things whose schemas are in the answer of a route. */
function thingsIn({ operation: { response } }: Route): string[] {
  if (!response) return [];
  const text = JSON.stringify(z.toJSONSchema(z.object({ answer: response }), { unrepresentable: 'any' }));
  return things.filter((thing) => text.includes(`"#/$defs/${thing}"`));
}

const readsOnly = ({ method, operation }: Route): boolean => method === 'GET' || operation.changesNothing === true;

/** Reads about accounts, balances or statements, by their address or what they answer, that say neither that they show one nor stand above. */
const forgotten = (table: readonly Route[]): string[] =>
  table
    .filter((route) => readsOnly(route) && (named.test(route.path) || thingsIn(route).length > 0))
    .filter(({ operation }) => !operation.shows && showsNone[operation.id] === undefined)
    .map(({ operation }) => operation.id);

test('every route that reads about accounts, balances or statements says what it shows', () => {
  expect(forgotten(routes)).toEqual([]);
});

test('the routes that show something are these, and no route that writes', () => {
  const found = routes.flatMap(({ operation: { id, shows: shown } }) =>
    shown ? [[id, shown.of ? `${shown.type} {id}` : shown.type]] : [],
  );
  expect(Object.fromEntries(found)).toEqual(shows);
  const writing = routes
    .filter((route) => route.operation.shows && !readsOnly(route))
    .map(({ operation }) => operation.id);
  expect(writing).toEqual(['createStatementLink']);
});

test('a route that names one in its address counts that one', () => {
  const one = routes.filter(({ path, operation }) => operation.shows && path.includes('{id}'));
  expect(one.length).toBeGreaterThan(5);
  expect(one.filter(({ operation }) => !operation.shows?.of).map(({ path }) => path)).toEqual([]);
});

test('what reads as if it showed one is there, for a reason in a sentence', () => {
  for (const [id, why] of Object.entries(showsNone)) {
    const route = routes.find(({ operation }) => operation.id === id);
    expect([id, route && thingsIn(route), why.endsWith('.')]).toEqual([id, [], true]);
  }
});

const accountRoute = routes.find(({ operation }) => operation.id === 'getAccount');
check(accountRoute?.operation.response, 'there is such a route');
const { shows: _, ...silent } = accountRoute.operation;
const accountSchema = accountRoute.operation.response;

test.each<[string, string, z.ZodType]>([
  ['by its address', '/v1/accounts/{id}/limits', z.string()],
  ['by its address', '/v1/balances.csv', z.string()],
  ['by its answer', '/v1/things/{id}', accountSchema],
  ['by what is deep in its answer', '/v1/things', z.object({ a: z.array(z.object({ b: accountSchema })) })],
])('a new route that shows one is found %s: %s', (_how, path, response) => {
  expect(forgotten([{ ...accountRoute, path, operation: { ...silent, id: 'planted', response } }])).toEqual([
    'planted',
  ]);
});

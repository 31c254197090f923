import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { prefixes, toPublic } from '../domain/ids.ts';
import { type Scope, scopes } from '../domain/scope.ts';
import { newSecret, readSeal } from '../ledger/access/seal.ts';
import { freshApi } from '../test/support/harness/api.ts';
import { scopesOf } from '../test/support/route-scopes.ts';
import { routes } from './routes.ts';

const { pools, api } = freshApi();

/** How a caller asks: the secret that it sends, and what its key allows. `null`: its secret is no key that works. */
type Caller = { secret: string | null; scopes: readonly Scope[] | null };
const callers: Record<string, Caller> = {};
let cells = 0;

beforeAll(async () => {
  for (const scope of scopes) callers[scope] = { secret: await api.keyWith({ scopes: [scope] }), scopes: [scope] };
  callers['a key without scopes'] = { secret: await api.keyWith({ scopes: [] }), scopes: [] };
  const made = newSecret(await readSeal(pools.root));
  const [expired, revoked] = [await api.keyWith({}), await api.keyWith({})];
  await pools.root.query(`update ledger.api_key set expires_at = now() - interval '1 second' where last4 = $1`, [
    expired.slice(-4),
  ]);
  await pools.root.query('update ledger.api_key set revoked_at = now() where last4 = $1', [revoked.slice(-4)]);
  Object.assign(callers, {
    'no key': { secret: null, scopes: null },
    'text that is no key': { secret: 'secret', scopes: null },
    'a key that nobody made': { secret: `qk_${'a'.repeat(51)}`, scopes: null },
    'a key of a database that was restored': { secret: made, scopes: null },
    'an expired key': { secret: expired, scopes: null },
    'a revoked key': { secret: revoked, scopes: null },
  });
});

/** What the table says of a caller: 401, 403, or null, which is any other answer. */
function expected(route: string, { scopes: allowed }: Caller): string | null {
  if (allowed === null) return '401 unauthorized';
  const missing = scopesOf(route).find((needed) => !allowed.includes(needed));
  return missing === undefined ? null : `403 forbidden This needs the scope ${missing}.`;
}

/** Ids that nobody has, so that an allowed request finds nothing to change. */
const ids = Object.keys(prefixes).map((thing) => toPublic(thing as keyof typeof prefixes, uuidV7()));

test.each(routes.map(({ method, path }) => [`${method} ${path}`, method, path] as const))(
  '%s is open to the keys with its scope and closed to the others',
  async (route, method, path) => {
    const id = ids.find((one) => one.startsWith(idPrefixOf(path))) ?? ids[0] ?? '';
    const address = path.replace('{id}', id).replaceAll(/\{[a-z_]+\}/g, id);
    for (const [name, caller] of Object.entries(callers)) {
      const answer = await api.call(address, {
        method,
        secret: caller.secret,
        ...(['POST', 'PATCH'].includes(method) && { body: {} }),
      });
      const { status, body } = answer;
      const found = status === 401 ? `401 ${body.code}` : status === 403 ? `403 ${body.code} ${body.detail}` : null;
      expect([name, found]).toEqual([name, expected(route, caller)]);
      expect([name, status < 500]).toEqual([name, true]);
      cells += 1;
    }
  },
);

/** The prefix of the ids in a path, by the thing that it names. */
function idPrefixOf(path: string): string {
  const [, thing = ''] = /\/([a-z-]+)\/\{id\}/.exec(path) ?? [];
  const singular = thing
    .replace(/ies$/, 'y')
    .replace(/s$/, '')
    .replaceAll(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  return `${prefixes[singular as keyof typeof prefixes] ?? ''}_`;
}

afterAll(() => {
  process.stdout.write(`scopes: ${routes.length} routes x ${Object.keys(callers).length} callers = ${cells} cells\n`);
});

import { expect, test } from '@jest/globals';
import { createOpenApi } from '../../api/openapi/document.ts';
import { routes } from '../../api/routes.ts';
import { read } from '../support/tree.ts';
import { breakingChanges } from './openapi-changes.ts';
import { releases } from './release.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is changed anywhere.
const document = (): any => JSON.parse(JSON.stringify(createOpenApi(routes)));

test.each(releases)('no client of %s is broken by the document of this tree', (version) => {
  expect(breakingChanges(JSON.parse(read(`test/releases/${version}/openapi.json`)), document())).toEqual([]);
});

// biome-ignore lint/suspicious/noExplicitAny: as above.
type Change = (changed: any) => void;

test.each<[string, Change]>([
  ['GET /v1/me is gone', ({ paths }) => delete paths['/v1/me']],
  ['GET /v1/me has another operationId', ({ paths }) => (paths['/v1/me'].get.operationId = 'whoAmI')],
  [
    'GET /v1/transfers: query rail is gone',
    ({ paths }) => {
      const { get } = paths['/v1/transfers'];
      get.parameters = get.parameters.filter(({ name }: { name: string }) => name !== 'rail');
    },
  ],
  [
    'POST /v1/accounts: header Idempotency-Key is required now',
    ({ paths }) => (paths['/v1/accounts'].post.parameters[0].required = true),
  ],
  [
    'POST /v1/accounts: body reference is gone',
    ({ components }) => delete components.schemas.NewAccount.properties.reference,
  ],
  [
    'POST /v1/accounts: body reference is required now',
    ({ components }) => components.schemas.NewAccount.required.push('reference'),
  ],
  [
    'POST /v1/accounts: body currency no longer takes USD',
    ({ components }) => {
      const { Currency } = components.schemas;
      Currency.enum = Currency.enum.filter((code: string) => code !== 'USD');
    },
  ],
  [
    'POST /v1/accounts: body name has a tighter maxLength',
    ({ components }) => (components.schemas.NewAccount.properties.name.maxLength = 10),
  ],
  [
    'POST /v1/accounts: body name is no longer string',
    ({ components }) => (components.schemas.NewAccount.properties.name.type = 'integer'),
  ],
  [
    'POST /v1/accounts: 201 reference is gone',
    ({ components }) => delete components.schemas.Account.properties.reference,
  ],
  [
    'POST /v1/accounts: 201 balance held may be integer',
    ({ components }) => (components.schemas.Balance.properties.held = { type: 'integer' }),
  ],
  [
    'POST /v1/accounts: 201: header Location is gone',
    ({ paths }) => delete paths['/v1/accounts'].post.responses['201'].headers.Location,
  ],
  [
    'POST /v1/transfers: body is no longer #/components/schemas/NewBookTransfer',
    ({ components }) => components.schemas.NewTransfer.oneOf.shift(),
  ],
  [
    'GET /v1/transfers/{id}: 200 destination may be #/components/schemas/Rail',
    ({ components }) =>
      components.schemas.Transfer.properties.destination.anyOf.push({ $ref: '#/components/schemas/Rail' }),
  ],
  [
    'GET /v1/transfers/{id}: 200 destination may be another object',
    ({ components }) => components.schemas.Transfer.properties.destination.anyOf.push({ type: 'object' }),
  ],
  [
    'GET /v1/transfers/{id}: 200 attention since is gone',
    ({ components }) => delete components.schemas.TransferAttention.properties.since,
  ],
  [
    'PATCH /v1/accounts/{id}: body balance is gone',
    ({ components }) => delete components.schemas.AccountChange.properties.balance,
  ],
  ['GET /v1/me: 200 tenant may be absent', ({ components }) => (components.schemas.Me.required = ['id'])],
])('%s is found', (sentence, change) => {
  const changed = document();
  change(changed);
  expect(breakingChanges(document(), changed)).toContain(sentence);
});

test.each<[string, Change]>([
  ['a new operation', ({ paths }) => (paths['/v1/new'] = paths['/v1/me'])],
  ['a field more in an answer', ({ components }) => (components.schemas.Account.properties.extra = { type: 'string' })],
  [
    'an optional field more in a request',
    ({ components }) => (components.schemas.NewAccount.properties.extra = { type: 'string' }),
  ],
  ['a word more in an answer', ({ components }) => components.schemas.TransferStatus.enum.push('returned')],
  ['a word more in a request', ({ components }) => components.schemas.Currency.enum.push('NZD')],
  [
    'an alternative without its name',
    ({ components: { schemas } }) => {
      const { next } = schemas.Transfer.properties;
      next.anyOf[0] = schemas.TransferNext;
    },
  ],
  [
    'the type of what can only be sent back as it was read',
    ({ components }) =>
      Object.assign(components.schemas.AccountChange.properties.kind, { type: 'string', enum: ['none'] }),
  ],
  ['a text', ({ info }) => (info.description = 'Other words.')],
])('%s breaks nobody', (_, change) => {
  const changed = document();
  change(changed);
  expect(breakingChanges(document(), changed)).toEqual([]);
});

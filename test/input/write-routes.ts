import { type Bank, moneyRoutes, openBank } from '../support/fixtures/money-requests.ts';
import { aKey, type Call } from '../support/harness/api.ts';
import type { badValues } from './values.ts';

/** What is wrong with a field is known by its kind: a text has a greatest length, everything else its table. */
export type Kind = keyof typeof badValues | { text: number };

/** A field of a body: where it is (RFC 6901), its kind, and whether a null is as if it were left out. */
export type Field = { pointer: string; kind: Kind; mayBeNull: boolean };

/** A request that would be accepted, and its fields. */
export type WriteRoute = { path: string; body: Record<string, unknown>; fields: readonly Field[] };

const needed = (pointer: string, kind: Kind): Field => ({ pointer, kind, mayBeNull: false });
const optional = (pointer: string, kind: Kind): Field => ({ pointer, kind, mayBeNull: true });

const remarks = [optional('/description', { text: 500 }), optional('/metadata', 'metadata')];
const reason = (max: number) => [optional('/reason', { text: max })];
const parties = [
  needed('/source', 'object'),
  needed('/source/account_id', 'account'),
  needed('/destination', 'object'),
];
const transferFields = [
  needed('/rail', 'word'),
  needed('/amount', 'amount'),
  needed('/currency', 'currency'),
  ...parties,
  needed('/destination/account_id', 'account'),
  optional('/reference', { text: 200 }),
  optional('/execute_at', 'instant'),
  ...remarks,
];
const bankFields = [
  needed('/destination/bank', 'object'),
  needed('/destination/bank/routing_number', 'routingNumber'),
  needed('/destination/bank/account_number', 'accountNumber'),
  needed('/destination/bank/name', { text: 140 }),
  optional('/destination/bank/scheme', 'word'),
];
const legFields = [
  needed('/legs', 'list'),
  needed('/legs/0/amount', 'amount'),
  needed('/legs/0/currency', 'currency'),
  needed('/legs/0/debit_account_id', 'account'),
  needed('/legs/0/credit_account_id', 'account'),
];
const endpointFields = [optional('/description', { text: 200 }), optional('/event_types', 'list')];

/** The things that a write of the table names. */
export type Things = Record<'account' | 'endpoint' | 'apiKey' | 'transfer' | 'hold' | 'statement', string> & {
  bank: Bank;
};

/** Makes them with the key that `call` uses. */
export async function openThings(call: Call): Promise<Things> {
  const bank = await openBank(call);
  const id = async (path: string, body: object): Promise<string> => (await call(path, { body, key: aKey() })).body.id;
  const [from, to] = [{ account_id: bank.rich }, { account_id: bank.poor }];
  const money = { amount: '5', currency: 'USD', source: from, destination: to };
  return {
    bank,
    account: bank.poor,
    endpoint: await id('/v1/webhook-endpoints', { url: 'https://example.com/hook' }),
    apiKey: await id('/v1/api-keys', { name: 'Another', scopes: ['accounts:read'] }),
    transfer: await id('/v1/transfers', { rail: 'book', ...money }),
    hold: await id('/v1/holds', money),
    statement: await id('/v1/statements', { account_id: bank.poor }),
  };
}

/**
 * Every route that takes a body, by its row in `api/routes.ts`; what is tried on each is the same. One that is new there makes
 * `input.test.ts` red until it has its row here.
 */
export async function writeRoutes(things: Things): Promise<Rows> {
  return {
    ...(await ofTransfers(things)),
    ...(await ofTheBook(things)),
    ...ofStatements(things),
    ...ofAdministration(things),
    ...ofTheSimpleBank(things),
  };
}

type Rows = Record<string, readonly WriteRoute[]>;

/** The request of `money-requests.ts` for a route that needs a key. */
async function accepted(bank: Bank, route: string, fields: readonly Field[]): Promise<WriteRoute> {
  const row = moneyRoutes[route];
  if (!row) throw new Error(`${route} has no request in money-requests.ts`);
  return { ...(await row.accepted(bank)), fields };
}

async function ofTransfers({ bank, transfer: id }: Things): Promise<Rows> {
  const transfer = await accepted(bank, 'POST /v1/transfers', transferFields);
  const destination = {
    bank: { routing_number: '021000021', account_number: '1234567890', name: 'Grace Hopper', scheme: 'us_account' },
  };
  const toBank = { ...transfer, body: { ...transfer.body, rail: 'instant', destination }, fields: bankFields };
  const member = { idempotency_key: 'a member', ...transfer.body };
  const inBatch = transferFields.map((field) => ({ ...field, pointer: `/transfers/0${field.pointer}` }));
  return {
    'POST /v1/transfers': [transfer, toBank],
    'POST /v1/transfers/preview': [
      { ...transfer, path: '/v1/transfers/preview' },
      { ...toBank, path: '/v1/transfers/preview' },
    ],
    'POST /v1/transfers/batch': [
      {
        path: '/v1/transfers/batch',
        body: { transfers: [member] },
        fields: [needed('/transfers', 'list'), needed('/transfers/0/idempotency_key', 'key'), ...inBatch],
      },
    ],
    'POST /v1/transfers/{id}/cancellation': [
      { path: `/v1/transfers/${id}/cancellation`, body: {}, fields: reason(200) },
    ],
    'POST /v1/transfers/{id}/reversal': [await accepted(bank, 'POST /v1/transfers/{id}/reversal', reason(200))],
  };
}

async function ofTheBook({ bank, account, hold }: Things): Promise<Rows> {
  return {
    'POST /v1/accounts': [
      {
        path: '/v1/accounts',
        body: { name: 'Ada', currency: 'USD' },
        fields: [
          needed('/name', { text: 200 }),
          needed('/currency', 'currency'),
          optional('/kind', 'word'),
          optional('/reference', { text: 200 }),
          optional('/metadata', 'metadata'),
        ],
      },
    ],
    'PATCH /v1/accounts/{id}': [
      {
        path: `/v1/accounts/${account}`,
        body: {},
        fields: [
          needed('/name', { text: 200 }),
          needed('/status', 'word'),
          optional('/reference', { text: 200 }),
          optional('/metadata', 'metadata'),
          needed('/version', 'wholeNumber'),
        ],
      },
    ],
    'POST /v1/holds': [
      await accepted(bank, 'POST /v1/holds', [
        needed('/amount', 'amount'),
        needed('/currency', 'currency'),
        ...parties,
        needed('/destination/account_id', 'account'),
        optional('/expires_at', 'instant'),
        optional('/reference', { text: 200 }),
        optional('/metadata', 'metadata'),
      ]),
    ],
    'POST /v1/holds/{id}/captures': [
      await accepted(bank, 'POST /v1/holds/{id}/captures', [
        optional('/amount', 'amount'),
        optional('/final', 'truth'),
      ]),
    ],
    'POST /v1/holds/{id}/release': [{ path: `/v1/holds/${hold}/release`, body: {}, fields: reason(500) }],
    'POST /v1/entries': [
      await accepted(bank, 'POST /v1/entries', [...legFields, optional('/effective_at', 'instant'), ...remarks]),
    ],
    'POST /v1/entries/{id}/reversal': [
      await accepted(bank, 'POST /v1/entries/{id}/reversal', [optional('/effective_at', 'instant'), ...remarks]),
    ],
  };
}

const brand = { name: 'Bank', address: ['1 Street'], inquiry: 'help@example.com', accent: '#1f4e79' };
const brandFields = [
  needed('/brand', 'object'),
  needed('/brand/name', { text: 120 }),
  needed('/brand/address/0', { text: 80 }),
  needed('/brand/inquiry', { text: 200 }),
  needed('/brand/accent', 'word'),
];

const ofStatements = ({ bank: { poor }, statement }: Things): Rows => ({
  'POST /v1/statements': [
    { path: '/v1/statements', body: { account_id: poor }, fields: [needed('/account_id', 'account')] },
  ],
  'POST /v1/statements/{id}/links': [
    {
      path: `/v1/statements/${statement}/links`,
      body: { format: 'pdf' },
      fields: [needed('/format', 'word'), optional('/part', 'wholeNumber')],
    },
  ],
  'PATCH /v1/statement-plan': [
    {
      path: '/v1/statement-plan',
      body: { brand },
      fields: [
        ...[needed('/zone', 'word'), needed('/locale', 'word'), needed('/quiet', 'word')],
        ...[needed('/keep_years', 'wholeNumber'), needed('/version', 'wholeNumber')],
        ...brandFields,
      ],
    },
  ],
  'PATCH /v1/statement-runs/{tenant_id}/{month}': [
    {
      path: '/v1/statement-runs/tn_01m8jw41y5efmtpf5wcz4pqd5v/2026-10',
      body: { pace: 60 },
      fields: [optional('/pace', 'wholeNumber')],
    },
  ],
});

const ofAdministration = ({ endpoint, apiKey }: Things): Rows => ({
  'POST /v1/webhook-endpoints': [
    {
      path: '/v1/webhook-endpoints',
      body: { url: 'https://example.com/hook' },
      fields: [needed('/url', 'url'), ...endpointFields],
    },
  ],
  'PATCH /v1/webhook-endpoints/{id}': [
    {
      path: `/v1/webhook-endpoints/${endpoint}`,
      body: {},
      fields: [needed('/url', 'url'), needed('/status', 'word'), needed('/version', 'wholeNumber'), ...endpointFields],
    },
  ],
  'POST /v1/webhook-endpoints/{id}/secret/rotate': [
    {
      path: `/v1/webhook-endpoints/${endpoint}/secret/rotate`,
      body: {},
      fields: [needed('/overlap_seconds', 'wholeNumber')],
    },
  ],
  'POST /v1/api-keys': [
    {
      path: '/v1/api-keys',
      body: { name: 'A key', scopes: ['accounts:read'] },
      fields: [
        needed('/name', { text: 200 }),
        needed('/scopes', 'list'),
        optional('/rate_limit', 'wholeNumber'),
        optional('/account_ids', 'list'),
        optional('/amount_max', 'amount'),
        optional('/addresses', 'list'),
        optional('/expires_at', 'instant'),
      ],
    },
  ],
  'POST /v1/api-keys/{id}/rotate': [
    {
      path: `/v1/api-keys/${apiKey}/rotate`,
      body: {},
      fields: [optional('/overlap_seconds', 'wholeNumber'), optional('/expires_at', 'instant')],
    },
  ],
  'POST /v1/api-keys/{id}/expire': [
    { path: `/v1/api-keys/${apiKey}/expire`, body: {}, fields: [optional('/expires_at', 'instant')] },
  ],
});

const ofTheSimpleBank = ({ bank: { rich, poor } }: Things): Rows => ({
  'POST /account': [
    {
      path: '/account',
      body: { name: 'Ada' },
      fields: [needed('/name', { text: 200 }), optional('/currency', 'currency')],
    },
  ],
  'POST /balance': [{ path: '/balance', body: { account_id: poor }, fields: [needed('/account_id', 'account')] }],
  'POST /add_balance': [
    {
      path: '/add_balance',
      body: { account_id: poor, amount: '5' },
      fields: [needed('/account_id', 'account'), needed('/amount', 'amount')],
    },
  ],
  'POST /transfer': [
    {
      path: '/transfer',
      body: { from: rich, to: poor, amount: '5' },
      fields: [needed('/from', 'account'), needed('/to', 'account'), needed('/amount', 'amount')],
    },
  ],
});

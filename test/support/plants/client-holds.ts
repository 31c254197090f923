import type { Plant } from './plant.ts';

const hold = (name: string, change: string) => `update ledger.client_hold set ${change} where id = $${name}`;
const entryOf = (name: string) =>
  `(select entry_id from ledger.hold_request where hold_id = $${name} and entry_id is not null)`;

/** Faults of the holds of clients; `$tenantId` and `$ada` are another tenant's. */
export const clientHolds: readonly Plant[] = [
  [
    'an open hold is given back in the counter only',
    'held',
    `update ledger.balance set debit_held = 0 where debit_held > 0`,
  ],
  ['a hold is larger than what is held', 'held', hold('open', 'amount = amount + 1')],
  ['a hold is closed, and its money is still held', 'held', hold('open', "state = 'expired', closed_at = now()")],
  ['more is captured than was moved', 'client-holds', hold('part', 'captured_amount = captured_amount + 1')],
  [
    'a capture is forgotten',
    'client-holds',
    'delete from ledger.hold_request where hold_id = $part and entry_id is not null',
  ],
  [
    'a capture says more than its entry',
    'client-holds',
    'update ledger.hold_request set amount = amount + 1 where hold_id = $captured and entry_id is not null',
  ],
  [
    'an entry of a capture pays somebody else',
    'client-holds',
    `update ledger.posting set account_id = $suspense where side = 'credit' and entry_id = ${entryOf('final')}`,
  ],
  ['an entry of a capture is lost', 'client-holds', `delete from ledger.posting where entry_id = ${entryOf('part')}`],
  [
    'an entry has no capture',
    'causes',
    `update ledger.hold_request set entry_id = gen_random_uuid() where entry_id = ${entryOf('part')}`,
  ],
  ['a closed hold is open again', 'client-holds', hold('released', "state = 'open', closed_at = null")],
  ['a released hold says captured', 'client-holds', hold('released', "state = 'captured'")],
  ['a hold that nobody asked for', 'client-holds', 'delete from ledger.hold_request where id = $open'],
  ['a refused hold is there', 'client-holds', "update ledger.hold_request set refusal_code = 'x' where id = $open"],
  ['a hold is lost', 'client-holds', 'delete from ledger.client_hold where id = $released'],
  ['a hold strays to another tenant', 'client-holds', hold('open', 'tenant_id = $tenantId')],
  ['a hold is of an account of another tenant', 'client-holds', hold('open', 'source_account_id = $ada')],
  ['a hold is in another currency', 'client-holds', hold('open', "currency = 'EUR'")],
  ['an event of a hold is lost', 'client-holds', 'delete from ledger.event where subject_id = $part and version = 1'],
  [
    'an event of a hold leads to another state',
    'client-holds',
    "update ledger.event set to_state = 'expired' where subject_id = $released and version = 2",
  ],
  [
    'a hold was closed at another time than its event',
    'client-holds',
    hold('final', "closed_at = closed_at + interval '1 s'"),
  ],
  ['a hold is kept for two months', 'deadlines', hold('open', "expires_at = now() + interval '60 days'")],
  ['a key of a hold names nothing', 'keys', 'delete from ledger.hold_request where id = $refused'],
  ['more was held for a client than was there', 'overdrawn', hold('released', 'amount = 1000000')],
  [
    'an account has changed without a hold',
    'limits',
    'update ledger.balance set version = version + 1 where debit_held > 0',
  ],
];

import type { Plant } from './plant.ts';

const row = (change: string) => `update ledger.archive_publication_tenant set ${change} where tenant_id = $tenant`;
const event = (change: string) =>
  `update ledger.event set ${change} where subject_type = 'checkpoint' and tenant_id = $tenant`;
const says = (member: string) => event(`evidence = evidence || '${member}'`);
const another = '(select id from ledger.tenant where id <> $tenant limit 1)';

const faults: readonly (readonly [string, string])[] = [
  ['a tenant was told a checkpoint without an event', "delete from ledger.event where subject_type = 'checkpoint'"],
  [
    'the event of a checkpoint was told nobody',
    'delete from ledger.archive_publication_tenant where tenant_id = $tenant',
  ],
  [
    'a tenant has two events of one checkpoint',
    `insert into ledger.event (id, tenant_id, subject_type, subject_id, version, cause, to_state, evidence, batch_id, created_at)
      select gen_random_uuid(), tenant_id, subject_type, subject_id, version, cause, to_state, evidence, batch_id, created_at + interval '1 second'
      from ledger.event where subject_type = 'checkpoint' and tenant_id = $tenant`,
  ],
  ['a checkpoint was told to another tenant', row(`tenant_id = ${another}, day = day - 1`)],
  ['a published checkpoint is another', says('{"checkpoint": "x"}')],
  ['a published checkpoint has another hash', says('{"sha256": "x"}')],
  ['a published checkpoint is of another epoch', says('{"epoch": 7}')],
  ['a published checkpoint is of another segment', says('{"segment": 7}')],
  ['a published checkpoint is of another tree', says('{"tree_size": 7}')],
  ['a published checkpoint is of another time', says('{"signed_at": "x"}')],
  ['a checkpoint was published by another cause', event("cause = 'sent'")],
  ['the checkpoint of another segment was published', 'update ledger.archive_publication set n = 3'],
  [
    'the checkpoint of a segment that is not there was published',
    "insert into ledger.archive_publication (day, n, begun_at) values ('2020-01-01', 99, now())",
  ],
];

/** Faults of what was published of the archive: a tenant, `$tenant`, was told the checkpoint of the first of three segments. */
export const publications: readonly Plant[] = faults.map(([name, sql]) => [name, 'publications', sql]);

const removedFaults: readonly (readonly [string, string])[] = [
  ['a row fewer was removed than it is counted', 'update ledger.archive_publication set removed = removed + 1'],
  ['a row more was removed than it is counted', 'update ledger.archive_publication set removed = removed - 1'],
  [
    'the event of a removed row is not there',
    "delete from ledger.event where subject_type = 'checkpoint' and tenant_id = $tenant",
  ],
  ['the event of a removed row is another', says('{"tree_size": 7}')],
  ['the event of a removed row has another cause', event("cause = 'sent'")],
  ['two events of removed rows are of one tenant', event(`tenant_id = ${another}`)],
];

/** The same where the rows of who was told are removed. */
export const removedPublications: readonly Plant[] = removedFaults.map(([name, sql]) => [name, 'publications', sql]);

import type { Plant } from './plant.ts';

const segment = (n: number, change: string) => `update ledger.archive_segment set ${change} where n = ${n}`;
const object = (change: string) => `update ledger.archive_object set ${change} where n = 2 and format = 'manifest'`;

const faults: readonly (readonly [string, string])[] = [
  [
    'a segment of the archive is lost',
    'delete from ledger.archive_object where n = 2; delete from ledger.archive_segment where n = 2',
  ],
  ['the first segment begins late', segment(1, "from_xid = '1'")],
  ['segments are apart', segment(2, 'to_xid = (to_xid::text::bigint - 1)::text::xid8')],
  ['a segment is of an earlier epoch than the one before it', segment(1, 'epoch = 2')],
  ['a segment has another place in the tree', segment(2, 'tree_size = 1')],
  ['the tree has a subtree too many', segment(2, 'tree_hashes = tree_hashes || tree_hashes[1]')],
  ['a segment was begun, and the one behind it is finished', segment(2, unfinished())],
  ['a segment has one record less', segment(2, 'records = records - 1')],
  [
    'an act is written behind its segment',
    "insert into ledger.audit (id, actor, action, subject, detail, created_at, xid) select gen_random_uuid(), 'x', 'x', 'x', '{}', now(), from_xid from ledger.archive_segment where n = 2",
  ],
  [
    'an entry of a segment vanishes',
    'delete from ledger.entry where id = (select min(id::text)::uuid from ledger.entry)',
  ],
  [
    'an event of a segment vanishes',
    'delete from ledger.event where id = (select min(id::text)::uuid from ledger.event)',
  ],
  ['an access of a segment vanishes', 'delete from ledger.archive_access'],
  ['a refused sign-in of a segment vanishes', 'delete from ledger.archive_refused_sign_in'],
  ['rows are removed behind the last finished segment', 'update ledger.archive_removal set n = 99'],
  ['rows are removed of a segment behind the border', removedOf(2)],
  ['rows are said to be removed that are there', 'update ledger.archive_removal set n = 2, done_n = 2'],
  ['the border of what is removed is lost', 'delete from ledger.archive_removal'],
  ['the slices of a segment are lost', "delete from ledger.archive_object where n = 2 and format = 'slices'"],
  ['the manifest of a segment is another', object("sha256 = sha256('x')")],
  ['an object of a segment lies under the name of another', object("key = replace(key, '2.', '3.')")],
  ['a checkpoint says another size', segment(2, "checkpoint = replace(checkpoint, E'\\n2\\n', E'\\n3\\n')")],
  ['a checkpoint says another root', segment(2, "root = sha256('x')")],
  ['the last slice of a tenant is in no segment', 'update ledger.archive_tenant set n = 99'],
];

/** Rows vanish, and are counted as removed, though the border is before them. */
function removedOf(n: number): string {
  return `with gone as (delete from ledger.archive_access returning 1)
    update ledger.archive_segment set removed = (select count(*) from gone) where n = ${n}`;
}

/** What a segment has not that is not finished. */
function unfinished(): string {
  const columns = ['finished_at', 'records', 'manifest_sha256', 'tree_size', 'tree_hashes', 'root', 'checkpoint'];
  return `status = 'begun', ${columns.map((column) => `${column} = null`).join(', ')}`;
}

/** Faults of what the ledger knows of its archive: three segments, the second of which has rows of every kind, and the third none. */
export const archive: readonly Plant[] = faults.map(([name, sql]) => [name, 'archive', sql]);

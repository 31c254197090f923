import { beginArchiveEpoch } from '../../ledger/archive/begin-epoch.ts';
import { beginArchiveSegment } from '../../ledger/archive/begin-segment.ts';
import { finishArchiveSegment } from '../../ledger/archive/finish-segment.ts';
import { noteAccesses } from '../../ledger/archive/note-accesses.ts';
import { noteArchiveCopy } from '../../ledger/archive/note-copy.ts';
import { noteRefusedSignIns } from '../../ledger/archive/note-refused-sign-ins.ts';
import { publishCheckpoint } from '../../ledger/archive/publish-checkpoint.ts';
import { removePublicationTenants } from '../../ledger/archive/remove-publication-tenants.ts';
import { removeArchivedRecords } from '../../ledger/archive/remove-records.ts';
import { archiveSalts } from '../../ledger/archive/salts.ts';
import { type Names, named, type StoryPools } from './names.ts';

const hash = 'ab'.repeat(32);
const object = (key: string) => ({ key, versionId: 'v1', sha256: hash, bytes: 1_000 });

/** What was read and refused is noted, and the first segment is begun and finished. */
export async function archive({ api, owner, worker }: StoryPools, names: Names): Promise<void> {
  const [tenantId, subjectId, at] = [named(names, 'tenant'), named(names, 'ada'), named(names, 'now')];
  const count = 1;
  await noteAccesses(api, [
    { id: named(names, 'access'), tenantId, minute: at, actor: 'olga', subjectType: 'balance', subjectId, count },
  ]);
  await noteRefusedSignIns(api, [
    {
      ...{ id: named(names, 'refusedSignIn'), tenantId: null, windowAt: at, reason: 'unknown_key', last4: 'abcd' },
      ...{ sourceHash: hash, count, firstAt: at, lastAt: at },
    },
  ]);
  const { status } = await beginArchiveSegment(worker, { recordsMax: 10_000, emptyAfterMs: 3_600_000 });
  if (status !== 'begun') throw new Error(`the first segment is ${status}`);
  await archiveSalts(worker, [{ subjectId, tenantId }]);
  await finishArchiveSegment(worker, {
    ...{ n: 1, epoch: 1, records: 1, root: hash, tree: { size: 1, hashes: [hash] }, checkpointText: 'a checkpoint' },
    ...{ segment: object('1'), slices: object('2'), manifest: object('3'), checkpoint: object('4') },
    tenants: [{ tenantId, sha256: hash, records: 1 }],
  });
  await noteArchiveCopy(worker, 1);
  await publishCheckpoint(worker, 500, async () => {});
  await removeArchivedRecords(worker, { days: 7, rows: 10 });
  await removePublicationTenants(worker, { days: 7, rows: 10 });
  await beginArchiveEpoch(owner, { abandoned: null, reason: 'a story', actor: 'olga' });
}

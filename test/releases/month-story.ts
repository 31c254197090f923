import { attachMonth } from '../../ledger/months/attach.ts';
import { beginDetaching } from '../../ledger/months/begin-detaching.ts';
import { detachMonth } from '../../ledger/months/detach.ts';
import { keepRows } from '../../ledger/months/keep-rows.ts';
import { ledgerMonths } from '../../ledger/months/list.ts';
import { noteVersionAct } from '../../ledger/upkeep/note-version-act.ts';
import { type Names, named, type StoryPools } from './names.ts';

const actor = 'olga';

/** An operator looks which months there are, asks for this one, which is too young, and ramps a version of the workers. */
export async function months({ owner }: StoryPools, names: Names): Promise<void> {
  const month = named(names, 'month');
  await ledgerMonths(owner, 3);
  await beginDetaching(owner, { month, keep: 3, actor });
  await keepRows(owner, { month, rows: 100 });
  await detachMonth(owner, { month, keep: 3, waitMs: 250, actor });
  await attachMonth(owner, { month, waitMs: 250, actor });
  await noteVersionAct(owner, { actor, act: 'ramped', build: 'one', detail: {} });
}

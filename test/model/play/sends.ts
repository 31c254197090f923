import { conclude } from '../model/reports.ts';
import type { ModelReport, ModelTransfer } from '../model/terms.ts';
import { claim, endLease } from '../model/transfers.ts';
import { settle } from './compare.ts';
import type { Play } from './play.ts';
import { idsOf, someOf } from './transfers.ts';

const outcomes = ['accepted', 'rejected', 'not_taken', 'unknown', 'not_sent', 'put_off', 'absent'] as const;

export async function claimSome(play: Play): Promise<void> {
  const { book } = play;
  const some = someOf(play, ({ rail }) => rail === 'instant');
  settle({ play, verb: 'claim' }, some, await book.claim(idsOf(some)), (transfer) => claim(transfer));
}

export async function reportSome(play: Play): Promise<void> {
  const { model, book } = play;
  const some = someOf(play, ({ sends }) => sends.length > 0);
  const reports = some.map((transfer) => ({ transfer, id: transfer.id, report: reportOn(play, transfer) }));
  // Absence counts when the quiet period is over.
  const absent = reports.filter(({ report }) => report.outcome === 'absent');
  await endLeasesOf(
    play,
    absent.map(({ transfer }) => transfer),
  );
  settle({ play, verb: 'conclude' }, reports, await book.conclude(reports), ({ transfer, report }) =>
    conclude(model, transfer, report),
  );
}

function reportOn({ choose }: Play, { sends }: ModelTransfer): ModelReport {
  const outcome = choose.one(outcomes);
  const isAboutKey = outcome === 'put_off' || outcome === 'absent';
  const mayBeAboutKey = outcome === 'accepted' || outcome === 'rejected';
  if (isAboutKey || (mayBeAboutKey && choose.chance(30))) return { outcome, send: null, decisive: choose.chance(50) };
  return { outcome, send: 1 + choose.number(sends.length), decisive: choose.chance(50) };
}

/** Time passes for some sends: nobody reported on them while their leases lived. */
export async function wait(play: Play): Promise<void> {
  const some = someOf(play, ({ sends }) => sends.includes('open'));
  await endLeasesOf(
    play,
    some.filter(() => play.choose.chance(50)),
  );
}

async function endLeasesOf({ book }: Play, transfers: ModelTransfer[]): Promise<void> {
  await book.endLeases(idsOf(transfers));
  for (const transfer of transfers) endLease(transfer);
}

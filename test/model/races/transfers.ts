import { conclude } from '../model/reports.ts';
import type { ModelReport, ModelTransfer, NewTransfer } from '../model/terms.ts';
import { claim, reserve } from '../model/transfers.ts';
import { settle } from '../play/compare.ts';
import type { Play } from '../play/play.ts';
import { newRequest } from '../play/transfers.ts';
import { commitIn, settleByCommit } from './by-commit.ts';
import { entryBatch, settleEntries } from './entries.ts';

const acceptance: ModelReport = { outcome: 'accepted', send: 1, decisive: true };

/** Four batches of new transfers over a few accounts, two of entries, and one of acceptances, each on its own connection. */
export async function raceTransfers(play: Play): Promise<void> {
  const { model, book } = play;
  const sent = [...model.transfers.values()]
    .filter((it) => it.state === 'submitting' && it.sends.length === 0)
    .slice(0, 10);
  const ids = sent.map(({ id }) => id);
  settle({ play, verb: 'claim' }, sent, await book.claim(ids), (transfer) => claim(transfer));
  const batches = Array.from({ length: 4 }, () => Array.from({ length: 8 }, () => newRequest(play)));
  const entryBatches = [entryBatch(play), entryBatch(play)];
  const [causes, decided, posted] = await Promise.all([
    ids.length > 0 ? book.conclude(ids.map((id) => ({ id, report: acceptance }))) : [],
    Promise.all(batches.map((batch) => book.reserve(batch))),
    Promise.all(entryBatches.map((batch) => book.post(batch))),
  ]);
  const calls = [
    ...batches.map((batch, i) => ({ first: batch[0]?.id, settle: () => settleReserve(play, batch, decided[i] ?? []) })),
    ...entryBatches.map((batch, i) => ({
      first: batch[0]?.id,
      settle: () => settleEntries(play, batch, posted[i] ?? []),
    })),
    { first: ids[0], settle: () => settleAcceptances(play, sent, causes) },
  ];
  const commits = await book.batchesOf(calls.flatMap(({ first }) => first ?? []));
  settleByCommit(calls.map(({ first, ...call }) => ({ commit: commitIn(commits, first), ...call })));
}

export const settleReserve = (play: Play, batch: NewTransfer[], answers: string[]): void =>
  settle({ play, verb: 'reserve' }, batch, answers, (request) => reserve(play.model, request));

const settleAcceptances = (play: Play, sent: ModelTransfer[], causes: (string | null)[]): void =>
  settle({ play, verb: 'conclude' }, sent, causes, (transfer) => conclude(play.model, transfer, acceptance));

import { v7 as uuidV7 } from 'uuid';
import type { ModelTransfer, NewTransfer } from '../model/terms.ts';
import { cancel, comeDue, release, reserve } from '../model/transfers.ts';
import { capacityOf, hugeAmount } from './choose.ts';
import { settle } from './compare.ts';
import type { Play } from './play.ts';

const bounds = { batch: 20, recent: 80, onRail: 1_000_000n };

export async function reserveSome(play: Play): Promise<void> {
  const { model, book, choose } = play;
  const batch = new Map<string, NewTransfer>();
  for (let left = 1 + choose.number(bounds.batch); left > 0; left -= 1) {
    const request = choose.chance(15) ? askedAgain(play) : newRequest(play);
    // Two commands with one key never share a batch.
    if (request) batch.set(request.key, request);
  }
  const all = [...batch.values()];
  const decided = await book.reserve(all);
  settle({ play, verb: 'reserve' }, all, decided, (request) => reserve(model, request));
}

export function newRequest({ model, choose, names, funding, customers }: Play): NewTransfer {
  const id = uuidV7();
  const isFunded = choose.chance(25);
  const rail = isFunded || choose.chance(50) ? 'book' : 'instant';
  const from = isFunded ? funding : choose.one(names);
  const ownTo = isFunded ? choose.one(customers) : choose.one(names);
  const largest = choose.chance(10) ? capacityOf(model.accounts.get(from)) : 0n;
  const amount = largest > 0n ? largest : anyAmount(choose);
  return {
    ...{ id, key: id, body: id, rail, currency: choose.chance(97) ? 'USD' : 'EUR', isDated: choose.chance(8) },
    ...{ from, to: rail === 'instant' ? null : ownTo },
    // What a rail takes twice, the platform may have to carry: sums for which there is always room.
    amount: rail === 'instant' && amount > bounds.onRail ? bounds.onRail : amount,
  };
}

const anyAmount = (choose: Play['choose']): bigint => (choose.chance(1) ? hugeAmount : BigInt(1 + choose.number(600)));

/** The same key again, sometimes with another body, under an id of its own as every request has. */
function askedAgain({ model, choose }: Play): NewTransfer | null {
  const before = [...model.transfers.values()].slice(-bounds.recent);
  if (before.length === 0) return null;
  const { key, body, rail, from, to, currency, amount, isDated } = choose.one(before);
  const changed = choose.chance(40) ? { body: `${body} changed`, amount: amount + 1n } : { body, amount };
  return { id: uuidV7(), key, rail, from, to, currency, isDated, ...changed };
}

export async function dispatchSome(play: Play): Promise<void> {
  const { model, book, choose } = play;
  const rail = choose.one(['book', 'instant'] as const);
  const due = [...model.transfers.values()].filter((it) => it.rail === rail && it.state === 'scheduled');
  const come = due.filter(() => choose.chance(70));
  // Which of them a dispatcher takes, it decides; the model follows.
  const taken = await book.dispatch(rail, idsOf(come));
  for (const transfer of come) comeDue(transfer);
  const known = taken.map(({ id }) => model.transfers.get(id)).filter((transfer) => transfer !== undefined);
  settle(
    { play, verb: 'release' },
    known,
    taken.map(({ state }) => state),
    (transfer) => release(model, transfer),
  );
}

export async function cancelSome(play: Play): Promise<void> {
  const { model, book } = play;
  const some = someOf(play, () => true);
  settle({ play, verb: 'cancel' }, some, await book.cancel(idsOf(some)), (transfer) => cancel(model, transfer));
}

/** At most a batch of transfers, each once, mostly new ones. */
export function someOf({ model, choose }: Play, isMeant: (transfer: ModelTransfer) => boolean): ModelTransfer[] {
  const meant = [...model.transfers.values()].filter(isMeant);
  const from = choose.chance(80) ? meant.slice(-bounds.recent) : meant;
  if (from.length === 0) return [];
  return [...new Set(Array.from({ length: 1 + choose.number(bounds.batch) }, () => choose.one(from)))];
}

export const idsOf = (transfers: ModelTransfer[]): string[] => transfers.map(({ id }) => id);

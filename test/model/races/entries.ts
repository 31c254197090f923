import { v7 as uuidV7 } from 'uuid';
import { postEntry } from '../model/entries.ts';
import type { NewEntry } from '../model/terms.ts';
import { settle } from '../play/compare.ts';
import { newEntry } from '../play/entries.ts';
import type { Play } from '../play/play.ts';

/** A deposit of a cent, whose batch says when the commit was, and after it entries and reversals, each key once. */
export function entryBatch(play: Play): NewEntry[] {
  const earlier = [...play.model.entries.keys()].slice(-10);
  const id = uuidV7();
  const [credit = ''] = play.customers;
  const deposit = { debit: play.funding, credit, amount: 1n, currency: 'USD' };
  const first: NewEntry = { id, key: id, body: id, effectiveAt: null, legs: [deposit], reverses: null };
  const all = [first, ...Array.from({ length: 8 }, () => newEntry(play, earlier))];
  return [...new Map(all.map((entry) => [entry.key, entry])).values()];
}

export const settleEntries = (play: Play, batch: NewEntry[], answers: string[]): void =>
  settle({ play, verb: 'post' }, batch, answers, (entry) => postEntry(play.model, entry));

import { setOverdraft, setStatus } from '../model/accounts.ts';
import type { ModelAccount } from '../model/terms.ts';
import { settle } from './compare.ts';
import type { Play } from './play.ts';

export async function setOneStatus(play: Play): Promise<void> {
  const { model, book, choose } = play;
  const [id, account] = choose.one([...model.accounts]);
  // Closed is for good, so that it is seldom request of an account with nothing in it.
  const status = choose.one(['open', 'open', 'open', 'frozen', 'closed'] as const);
  const isEmpty = account.posted.debit === account.posted.credit;
  if (status === 'closed' && isEmpty && choose.chance(90)) return;
  settle({ play, verb: 'status' }, [account], [await book.setStatus(id, status)], () => setStatus(account, status));
}

/** Another overdraft limit: mostly of an account that uses its own, and then often exactly what is used, or one less. */
export async function setOneOverdraft(play: Play): Promise<void> {
  const { model, book, choose } = play;
  const all = [...model.accounts].filter(([, { kind }]) => kind !== 'funding');
  const using = all.filter(([, account]) => account.kind === 'customer' && usedOf(account) > 0n);
  const [id, account] = choose.one(using.length > 0 && choose.chance(80) ? using : all);
  const used = usedOf(account);
  const limit = used > 0n && choose.chance(60) ? used - BigInt(choose.number(2)) : BigInt(choose.number(1_500));
  const answer = await book.setOverdraft(id, limit);
  settle({ play, verb: 'overdraft' }, [account], [answer], () => setOverdraft(account, limit));
}

const usedOf = ({ posted, held }: ModelAccount): bigint => posted.debit + held.debit - posted.credit;

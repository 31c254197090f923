import { kept } from './attached.ts';
import type { Check } from './run.ts';

export const sequences: Check = {
  name: 'sequences',
  promise:
    "An account's postings are numbered 1, 2, 3 without a gap, each balance after follows from the one before, and the last is the balance.",
  counted: 'postings',
  smallestBy: 'account, then number of the posting',
  examined: 'select count(*) from ledger.posting',
  breaches: `
    with chain as (
      select p.account_id, p.seq, p.signed, p.side, p.amount, p.balance_after, p.created_at, b.normal, b.seq as seq_now,
        b.normal * (b.credit_posted - b.debit_posted) as posted_now,
        lag(p.seq, 1, coalesce(k.seq, 0)) over w as seq_before, lag(p.balance_after, 1, coalesce(k.balance_after, 0)) over w as balance_before,
        lag(p.created_at, 1, k.posted_at) over w as time_before,
        lead(p.seq) over w is null as is_last
      from ledger.posting p left join ledger.balance b on b.account_id = p.account_id left join ${kept} k on k.account_id = p.account_id
      window w as (partition by p.account_id order by p.seq)
    )
    select account_id::text || lpad(seq::text, 20, '0') as id,
      format('account %s, posting %s: %s by %s makes %s, after posting %s with %s (the account says %s after %s postings)', account_id, seq, signed, side,
        balance_after, seq_before, balance_before, coalesce(posted_now::text, 'nothing'), coalesce(seq_now::text, 'no')) as witness
    from chain
    where seq <> seq_before + 1 or balance_after <> balance_before + signed or normal is null
      or signed <> normal * (case side when 'credit' then amount else -amount end) or created_at < time_before
      or (is_last and (seq <> seq_now or balance_after <> posted_now))
    union all
    select b.account_id::text, format('account %s counts %s postings and has none behind %s', b.account_id, b.seq, coalesce(k.seq, 0))
    from ledger.balance b left join ${kept} k on k.account_id = b.account_id
    where b.seq <> coalesce(k.seq, 0) and not exists (select 1 from ledger.posting p where p.account_id = b.account_id)`,
};

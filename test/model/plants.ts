import type { Play } from './play/play.ts';
import { raceHolds } from './races/holds.ts';
import { racePeriods } from './races/periods.ts';

/** A mistake in the SQL: what it is, where, what the text says, and what it would say then. */
export type Plant = [what: string, source: string, right: string, wrong: string];
type RacePlant = [what: string, race: (play: Play) => Promise<void>, source: string, right: string, wrong: string];

/** Mistakes that somebody could make in the SQL: where, what it says, and what it would say then. */
export const plants: Plant[] = [
  [
    'the last cent is not available',
    'transfers/reserve/refusal-of.sql',
    'command.amount < source.floor',
    'command.amount <= source.floor',
  ],
  ['a frozen destination takes money', 'transfers/reserve/refusal-of.sql', "or destination.status = 'frozen'", ''],
  [
    'a released hold stays on the counter side',
    'commit/change-balances.sql',
    "when 'post' then 0 else -credit",
    "when 'capture' then -credit else 0",
  ],
  [
    'a refusal of one send ends a transfer with another in flight',
    'transfers/conclude/transition-of.sql',
    'report.decisive or sends.unresolved = 0',
    'true',
  ],
  [
    'a changed body is taken for a repetition',
    'transfers/reserve/outcomes.sql',
    "owner.fingerprint = decode(command.fingerprint, 'hex')",
    'true',
  ],
  [
    'the last cent is not there for an entry',
    'entries/post-entries/decide.sql',
    '(delta.credit - delta.debit) < account.floor',
    '(delta.credit - delta.debit) <= account.floor',
  ],
  [
    'a reversal is reversed',
    'entries/post-entries/reversal-refusal.sql',
    "when original.reverses_id is not null then 'not_reversible'",
    '',
  ],
  [
    'a reversal is over its first leg only',
    'entries/post-entries/legs.sql',
    "and debit.side = 'debit'",
    "and debit.side = 'debit' and debit.leg = 1",
  ],
  [
    'the key of an entry is repeated with another body',
    'entries/post-entries/outcomes.sql',
    "and owner.fingerprint = decode(command.fingerprint, 'hex')",
    '',
  ],
  [
    'what is held may be given away by a lower limit',
    'accounts/change.sql',
    '- locked.debit_held < v_floor',
    '< v_floor',
  ],
];

/** Mistakes about holds and periods. */
export const holdPlants: Plant[] = [
  [
    'the second hold of a batch finds the money that the first one took',
    'holds/create/decide.sql',
    'p_accounts[source].available := p_accounts[source].available - wanted.amount',
    'null',
  ],
  [
    'a capture takes as much as the hold was over, not what is left',
    'holds/settle/decide.sql',
    'act.amount > held.amount - held.captured_amount',
    'act.amount > held.amount',
  ],
  [
    'a final capture keeps what is left',
    'holds/settle/decide.sql',
    'when v_closes then v_left - v_moved else 0',
    "when v_closes and act.act <> 'capture' then v_left - v_moved else 0",
  ],
  [
    'a hold is captured after its time',
    'holds/settle/decide.sql',
    "when act.act = 'capture' and held.expires_at <= p_now then 'hold_expired'",
    '',
  ],
  [
    'a hold expires before its time',
    'holds/expire.sql',
    'and held.expires_at <= least(v_now, p_clock)',
    "and held.expires_at <= least(v_now, p_clock) + interval '8 days'",
  ],
  [
    'the key of a capture is repeated at another hold',
    'holds/settle/outcomes.sql',
    'and request.hold_id = act.hold_id',
    '',
  ],
  [
    'the key of a release is repeated with another body',
    'holds/settle/outcomes.sql',
    "and owner.fingerprint = decode(act.fingerprint, 'hex')",
    '',
  ],
  [
    'the key of a capture names its hold, not its entry',
    'access/made-under.sql',
    'if of_hold.entry_id is not null then',
    'if false then',
  ],
  [
    'the first instant of an open month is closed',
    'entries/post-entries/decide.sql',
    'command.effective_at < closed_until(command.tenant_id)',
    'command.effective_at <= closed_until(command.tenant_id)',
  ],
  [
    'a reversal is dated into a closed month',
    'entries/post-entries/decide.sql',
    'if refusal is null and command.effective_at <',
    'if refusal is null and command.reverses_id is null and command.effective_at <',
  ],
  [
    'the months before a closed one stay open',
    'periods/close.sql',
    'generate_series(v_first::timestamp,',
    'generate_series(v_month::timestamp,',
  ],
  [
    'a month is closed although the clock of the program says that it is not over',
    'periods/close.sql',
    "least(clock_timestamp(), (p_close ->> 'asked_at')::timestamptz)",
    'clock_timestamp()',
  ],
];

/** Mistakes that only calls at once can show. */
export const racePlants: RacePlant[] = [
  [
    'a capture decides on a hold that it has not locked',
    raceHolds,
    'holds/settle.sql',
    'order by held.id\n    for no key update',
    'order by held.id',
  ],
  [
    'a month is closed while an entry is dated into it',
    racePeriods,
    'periods/close.sql',
    'perform pg_advisory_xact_lock(period_lock(v_tenant))',
    'perform 1',
  ],
];

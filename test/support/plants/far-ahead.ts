import type { Plant } from './plant.ts';

/** Times that a wrong clock or a hand wrote. */
export const farAhead: readonly Plant[] = [
  ['in 2099', "'2099-01-01'"],
  ['in thirty days', "now() + interval '30 days'"],
].flatMap(([when = '', at = '']): Plant[] =>
  [
    ['an inquiry is planned', `update ledger.transfer set next_at = ${at} where id = $unknown`],
    ['a sender is awaited', `update ledger.transfer set next_at = ${at} where id = $submitting`],
    [
      'a lease ends',
      `update ledger.send set lease_until = ${at}, outcome = null, answered_at = null where transfer_id = $unknown`,
    ],
    ['the next probe is due', `update ledger.rail set breaker = 'open', probe_at = ${at} where name = 'instant'`],
    ['a notice is sent', `update ledger.notice_due set next_at = ${at} where subject_id = $book`],
    ['an endpoint is paused', `update ledger.webhook_endpoint set pauses = 1, paused_until = ${at}`],
    ['a statement is made', `update ledger.statement set due_at = ${at} where id = $second`],
    [
      'a month of statements is offered',
      `update ledger.statement_month set offered_at = ${at} where tenant_id = $tenant`,
    ],
    ['a transfer with an earlier date is due', `update ledger.transfer set next_at = ${at} where id = $scheduled`],
  ].map(([what = '', sql = '']) => [`${what} ${when}`, 'deadlines', sql]),
);

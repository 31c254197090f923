/**
 * What an open transfer does next, as `next.what` says it. The database takes no other word (`transfer_next_what_check`); a
 * test compares the two, and docs/states.md is made from here.
 */
export const nextSteps = {
  send: 'A worker takes it and sends it to its rail, within moments.',
  await_answer: 'It is on the network; its answer is awaited until then, and after that it is unknown.',
  inquire: 'Its outcome is unknown: the rail is asked under the same key.',
  send_again: 'Its rail did not take it, or nobody sent it: it is sent again after a pause.',
  send_in_turn: 'It is sent when the earlier transfers of its account are decided.',
  send_on_date: 'It is sent, or posted, on its date, `execute_at`.',
  send_when_rail_recovers:
    'Its rail is down or paused: the rail is tried then, and what waits is sent when it works again.',
  send_when_bank_recovers: 'Its bank is down: the bank is tried then, and what waits is sent when it works again.',
  send_when_worker_serves_rail: 'No worker serves its rail at the moment: it is tried again then.',
} as const;

export type NextWhat = keyof typeof nextSteps;

/** What an open transfer waits for, as `next.waiting_for` says it (`transfer_waiting_for_check`). */
export const waiters = {
  date: 'The date that the client gave.',
  rail: 'Its rail, which is down, paused or busy with earlier transfers of the account.',
  bank: 'Its bank, which does not answer.',
  worker: 'One of our own processes.',
  answer: "The rail's answer to what was sent, or to our inquiry.",
  person: 'A person: nothing that the platform may do by itself is left.',
} as const;

export type WaitingFor = keyof typeof waiters;

/** Why a person should look at a transfer, as `attention.reason` says it (`transfer_attention_reason_check`). */
export const attentionReasons = {
  unknown_too_long: "No proof came within the rail's limit. Inquiries go on, the funds stay held.",
  not_taken_many_times: 'Its rail proved twenty times that it did not take it.',
  not_sent_many_times: 'It was due ten times and never sent.',
  contradicted:
    'A rail said the opposite of what was proven, or took the money once more. It stays until a person has settled it.',
} as const;

export type AttentionReason = keyof typeof attentionReasons;

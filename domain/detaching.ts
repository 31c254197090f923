/** Why a month of the book may not be detached now, in the order of checking, and what an operator does about it. */
export const detachRefusals = {
  too_young: {
    because: 'it is among the months that stay attached',
    action: 'wait until it is older, or keep fewer months: 3 at least',
  },
  not_oldest: {
    because: 'an older month is attached',
    action: 'detach that one first: months go oldest first, without a gap',
  },
  not_archived: {
    because: 'the archive has no finished segment behind its last commit',
    action: 'see `operator archive status`, and docs/runbooks/archive-stands-still.md',
  },
  statements_not_ready: {
    because: 'not every posting of it is on a statement that is ready, in a month of statements that is closed',
    action: 'see `operator statements status`, and docs/runbooks/statements-stand-still.md',
  },
  transfers_open: {
    because: 'a transfer that was made in it, or before, has not ended',
    action: 'end it: `GET /v1/transfers?status=…` lists them, for each tenant',
  },
  holds_open: {
    because: 'a hold that was made in it, or before, is open',
    action: 'capture or release it, or wait until it expires',
  },
  notices_due: {
    because: 'a notice of one of its events waits for an endpoint',
    action: 'repair the endpoint, or delete it: docs/runbooks/notices-are-not-delivered.md',
  },
  deliveries_kept: {
    because: 'the log of deliveries goes back to it, so one of its notices may be asked for again',
    action: 'wait until the log of that month is dropped (NOTICES_LOG_DAYS), or keep it for less long',
  },
} as const satisfies Record<string, { because: string; action: string }>;

export type DetachRefusal = keyof typeof detachRefusals;

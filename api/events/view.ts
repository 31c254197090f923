import { eventTypeOf, publicEvidence, subjectThings } from '../../domain/event.ts';
import { toPublic } from '../../domain/ids.ts';
import type { EventRow } from '../../ledger/read/events.ts';

/** An event as clients see it. `type` and `cause` are the same in a notice. */
export function viewOfEvent(row: EventRow) {
  const { subjectType, subjectId, fromState: from, cause, toState: to } = row;
  const id = toPublic(subjectThings[subjectType], subjectId);
  return {
    id: toPublic('event', row.id),
    object: 'event' as const,
    subject: { type: subjectType, id },
    transfer_id: subjectType === 'transfer' ? id : null,
    version: row.version,
    type: eventTypeOf({ subjectType, cause, to }),
    from,
    to,
    cause,
    evidence: publicEvidence(row.evidence),
    created_at: row.createdAt.toISOString(),
  };
}

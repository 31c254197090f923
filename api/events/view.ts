import { eventTypeOf, subjectThings } from '../../domain/event.ts';
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
    evidence: viewOfEvidence(row.evidence),
    created_at: row.createdAt.toISOString(),
  };
}

/** The evidence of the step. `source` is where it comes from; clients know things by their public ids. */
function viewOfEvidence({
  entry_id: entryId,
  reversed_by_id: reversedById,
  actor,
  ...rest
}: Record<string, unknown>): Record<string, unknown> {
  return {
    ...rest,
    ...(typeof entryId === 'string' && { entry_id: toPublic('entry', entryId) }),
    ...(typeof reversedById === 'string' && { reversed_by_id: toPublic('transfer', reversedById) }),
    ...(typeof actor === 'string' && { actor: viewOfActor(actor) }),
  };
}

/** An actor of the API is a key; an operator is a name. */
const viewOfActor = (actor: string): string =>
  actor.replace(/^api_key:([0-9a-f-]{36})$/, (_, id: string) => `api_key:${toPublic('apiKey', id)}`);

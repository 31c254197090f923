import { check } from '../../domain/check.ts';
import { eventTypeOf, publicEvidence, subjectThings } from '../../domain/event.ts';
import { toPublic } from '../../domain/ids.ts';
import type { NoticeEvent, NoticeTransfer } from '../../ledger/worker-reads/notice-events.ts';

/** Standard Webhooks advises less than 20 kB; a notice has only fields of bounded length. */
const bytesMax = 20_480;

/**
 * The body of a notice, as Standard Webhooks defines it: what happened, when, and the transfer as that event left it, or the
 * evidence where it is about another thing. No names, bank details or description; a client that needs them reads the subject.
 * It is made of fields that never change, so that every try of a notice sends the same bytes. Metadata that would make it too
 * large is null.
 */
export function toPayload(event: NoticeEvent): string {
  const complete = bodyOf(event, event.transfer?.metadata ?? null);
  if (Buffer.byteLength(complete) <= bytesMax) return complete;
  const small = bodyOf(event, null);
  check(Buffer.byteLength(small) <= bytesMax, 'a notice has at most 20 KiB');
  return small;
}

function bodyOf(event: NoticeEvent, metadata: NoticeTransfer['metadata'] | null): string {
  const { subjectType, cause, from, to, transfer } = event;
  const type = eventTypeOf({ subjectType, cause, to });
  const id = toPublic(subjectThings[subjectType], event.subjectId);
  return JSON.stringify({
    type,
    timestamp: event.at,
    data: {
      object: 'event',
      id: toPublic('event', event.id),
      subject: { type: subjectType, id },
      transfer_id: subjectType === 'transfer' ? id : null,
      version: event.version,
      type,
      from,
      to,
      cause,
      created_at: event.at,
      ...(transfer === null
        ? { evidence: publicEvidence(event.evidence) }
        : { ...ofTransfer(transfer, event.evidence), metadata }),
    },
  });
}

function ofTransfer(transfer: NoticeTransfer, { entry_id: entryId, refusal }: NoticeEvent['evidence']) {
  return {
    amount: transfer.amount,
    currency: transfer.currency,
    rail: transfer.rail,
    source_account_id: transfer.sourceAccountId && toPublic('account', transfer.sourceAccountId),
    destination_account_id: transfer.destinationAccountId && toPublic('account', transfer.destinationAccountId),
    reference: transfer.reference,
    entry_id: typeof entryId === 'string' ? toPublic('entry', entryId) : null,
    refusal: isCoded(refusal) ? { code: refusal.code } : null,
  };
}

const isCoded = (refusal: unknown): refusal is { code: string } =>
  typeof refusal === 'object' && refusal !== null && 'code' in refusal;

import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import type { NoticeEvent } from '../../ledger/work/notice-events.ts';

/** Standard Webhooks advises less than 20 kB; a notice has only fields of bounded length. */
const bytesMax = 20_480;

/**
 * The body of a notice, as Standard Webhooks defines it: what happened, when, and the transfer as that event left it.
 * Small by design: no names, bank details, description or metadata; a client that needs them reads the transfer. It is made of
 * fields that never change, so that every try of a notice sends the same bytes.
 */
export function toPayload(event: NoticeEvent): string {
  const type = `transfer.${event.to}`;
  const payload = {
    type,
    timestamp: event.at,
    data: {
      object: 'event',
      id: toPublic('event', event.id),
      transfer_id: toPublic('transfer', event.transferId),
      version: event.version,
      type,
      from: event.from,
      to: event.to,
      cause: event.cause,
      created_at: event.at,
      amount: event.amount,
      currency: event.currency,
      rail: event.rail,
      source_account_id: event.sourceAccountId && toPublic('account', event.sourceAccountId),
      destination_account_id: event.destinationAccountId && toPublic('account', event.destinationAccountId),
      reference: event.reference,
      entry_id: event.entryId && toPublic('entry', event.entryId),
      refusal: event.refusalCode && { code: event.refusalCode },
    },
  };
  const body = JSON.stringify(payload);
  check(Buffer.byteLength(body) <= bytesMax, 'a notice has at most 20 KiB');
  return body;
}

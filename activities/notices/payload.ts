import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import type { NoticeEvent } from '../../ledger/work/notice-events.ts';

const bytesMax = 20_480;

/**
 * The body of a notice, in the manner of Standard Webhooks: what happened, when, and the transfer as that event left it.
 * Thin by choice: no names, bank details, description or metadata; who needs them reads the transfer. It is made of
 * fields that never change, so that every try of a notice sends the same bytes.
 */
export function toPayload(told: NoticeEvent): string {
  const type = `transfer.${told.to}`;
  const payload = {
    type,
    timestamp: told.at,
    data: {
      object: 'event',
      id: toPublic('event', told.id),
      transfer_id: toPublic('transfer', told.transferId),
      version: told.version,
      type,
      from: told.from,
      to: told.to,
      cause: told.cause,
      created_at: told.at,
      amount: told.amount,
      currency: told.currency,
      rail: told.rail,
      source_account_id: told.sourceAccountId && toPublic('account', told.sourceAccountId),
      destination_account_id: told.destinationAccountId && toPublic('account', told.destinationAccountId),
      reference: told.reference,
      entry_id: told.entryId && toPublic('entry', told.entryId),
      refusal: told.refusalCode && { code: told.refusalCode },
    },
  };
  const body = JSON.stringify(payload);
  check(Buffer.byteLength(body) <= bytesMax, 'a notice has at most 20 KiB');
  return body;
}

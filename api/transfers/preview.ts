import { z } from 'zod';
import { check } from '../../domain/check.ts';
import { ledgerRefusals } from '../../domain/refusals.ts';
import { mayDraw } from '../api-keys/may-draw.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { refusals } from '../http/refusals.ts';
import { toRequest } from './create.ts';
import { newTransfer, nextShown, refusalShown, transferStatus } from './schema.ts';
import { viewOfNext } from './view.ts';

const preview = z
  .strictObject({
    object: z.literal('transfer_preview'),
    accepted: z.boolean().meta({ description: 'Whether it would not be declined now.' }),
    status: transferStatus,
    refusal: refusalShown,
    next: nextShown,
  })
  .meta({ id: 'TransferPreview', description: 'What the ledger would decide about a transfer now. It is no promise.' });

/** `POST /v1/transfers/preview`: what `POST /v1/transfers` would be answered now. Nothing is stored. */
export const previewTransfer = operation({
  id: 'previewTransfer',
  summary: 'Preview a transfer',
  description:
    'Takes the body of `POST /v1/transfers` and answers what the ledger would decide now: its first status, or why it would be declined. Nothing is stored or held, and no `Idempotency-Key` is used. It is no promise: other transfers may come first, and a rail decides only when it is sent.',
  body: newTransfer,
  changesNothing: true,
  status: 200,
  success: 'What would be decided now.',
  response: preview,
  refusals: [],
  permit: ({ body, caller }, deps) =>
    mayDraw(caller, { from: [body.source.account_id], amount: BigInt(body.amount) }, deps),
  run: async (input, deps) => {
    const outcome = await deps.ledger.previewTransfer(toRequest({ ...input, key: input.key ?? '' }));
    if (outcome.result === 'rail_unknown') return refused('not_attempted');
    const { state, refusal, next } = outcome;
    const code = refusal === null ? null : ledgerRefusals.find((known) => known === refusal);
    check(code !== undefined, 'the ledger refused with a code that is not among its own');
    return found({
      object: 'transfer_preview',
      accepted: code === null,
      status: state,
      refusal: code === null ? null : { code, detail: refusals[code].title },
      next: viewOfNext(next),
    });
  },
});

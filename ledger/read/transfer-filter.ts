import { eq, gte, inArray, isNotNull, isNull, or } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { RailName } from '../../domain/rail.ts';
import type { TransferState } from '../../domain/transfer.ts';
import { transfer } from '../../drizzle/schema/transfers.ts';
import type { Conditions } from './filter.ts';

/** The parameters of the list, as `GET /v1/transfers` names them. Every one narrows it. From `created_from` on, and before `created_to`. */
export type TransferFilter = {
  status?: readonly TransferState[] | undefined;
  account_id?: Uuid | undefined;
  rail?: RailName | undefined;
  reference?: string | undefined;
  attention?: boolean | undefined;
  created_from?: Date | undefined;
  created_to?: Date | undefined;
};

/** What each of them means for a row. Which index a list goes along is `walkOf` in transfer-walk.ts. */
export const conditions: Conditions<Omit<TransferFilter, 'created_to'>> = {
  status: (states) => inArray(transfer.state, [...states]),
  account_id: (id) => or(eq(transfer.sourceAccountId, id), eq(transfer.destinationAccountId, id)),
  rail: (name) => eq(transfer.rail, name),
  reference: (reference) => eq(transfer.reference, reference),
  attention: (isWanted) => (isWanted ? isNotNull(transfer.attentionReason) : isNull(transfer.attentionReason)),
  created_from: (from) => gte(transfer.createdAt, from),
};

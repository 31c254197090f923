import { subjectThings } from '../domain/event.ts';
import { type Thing, toPublic, type Uuid } from '../domain/ids.ts';
import type {
  ArchiveAccessRow,
  ArchiveActRow,
  ArchiveEntryRow,
  ArchiveEventRow,
  ArchiveRefusedSignInRow,
  ArchiveStatementRow,
} from '../ledger/archive/rows.ts';
import { clearAct, clearEvidence } from './clear-fields.ts';
import { actor } from './clear-forms.ts';
import type { RecordKind, Secret } from './record.ts';

/** An entry: all of its postings, and a commitment to what clients wrote with it. */
export const entryKind: RecordKind<ArchiveEntryRow> = {
  type: 'entry',
  secretOf: ({ description, metadata, saltAccountId }) =>
    description === null && isEmpty(metadata) ? null : { subjectId: saltAccountId, value: { description, metadata } },
  bodyOf: (row, commitment) => ({
    id: toPublic('entry', row.id),
    transfer: idOrNull('transfer', row.transferId),
    reverses: idOrNull('entry', row.reversesId),
    batch: row.batchId,
    effective_at: row.effectiveAt,
    legs: row.legs.map(({ leg, side, accountId, currency, amount, seq, balanceAfter }) => ({
      ...{ leg, side, currency, amount, seq },
      account: toPublic('account', accountId),
      balance_after: balanceAfter,
    })),
    ...(commitment !== null && { commitment }),
  }),
};

/** What happened to a transfer or another thing. */
export const eventKind: RecordKind<ArchiveEventRow> = {
  type: 'event',
  secretOf: ({ evidence, saltAccountId, tenantId }) => secretIn(evidence, saltAccountId ?? tenantId),
  bodyOf: ({ id, subjectType, subjectId, version, fromState, cause, toState, batchId, evidence }, commitment) => ({
    id: toPublic('event', id),
    subject_type: subjectType,
    subject: toPublic(subjectThings[subjectType], subjectId),
    version,
    from: fromState,
    cause,
    to: toState,
    batch: batchId,
    evidence: clearEvidence(subjectType, evidence),
    ...(commitment !== null && { commitment }),
  }),
};

/** Who did what. What is said of an account there is its customer's. */
export const actKind: RecordKind<ArchiveActRow> = {
  type: 'act',
  secretOf: ({ action, subject, detail, tenantId }) =>
    secretIn(detail, action.startsWith('account.') ? subject : tenantId),
  bodyOf: (row, commitment) => ({
    id: toPublic('auditRecord', row.id),
    actor: actor(row.actor),
    action: row.action,
    ...clearAct(row.action, row),
    ...(commitment !== null && { commitment }),
  }),
};

/** A statement that became ready: its figures, its document, and where that is stored. */
export const statementKind: RecordKind<ArchiveStatementRow> = {
  type: 'statement',
  secretOf: () => null,
  bodyOf: (row) => ({
    id: toPublic('statement', row.id),
    account: toPublic('account', row.accountId),
    ...{ kind: row.kind, number: row.number, edition: row.edition, month: row.month },
    ...{ from_seq: row.fromSeq, to_seq: row.toSeq, opening: row.opening, closing: row.closing },
    ...{ money_in: row.moneyIn, money_out: row.moneyOut, count_in: row.countIn, count_out: row.countOut },
    document_sha256: row.documentSha256,
    objects: row.objects
      .toSorted((a, b) => (a.format === b.format ? a.part - b.part : a.format < b.format ? -1 : 1))
      .map(({ versionId, ...object }) => ({ ...object, version_id: versionId })),
  }),
};

/** How often somebody read something in a minute. */
export const accessKind: RecordKind<ArchiveAccessRow> = {
  type: 'access',
  secretOf: () => null,
  bodyOf: (row) => ({
    id: row.id,
    minute: row.at,
    actor: actor(row.actor),
    subject_type: row.subjectType,
    subject: idOrNull(row.subjectType === 'statement' ? 'statement' : 'account', row.subjectId),
    count: row.count,
  }),
};

/** Sign-ins that were refused. Where they came from is only committed to: equal sources have equal commitments. */
export const refusedSignInKind: RecordKind<ArchiveRefusedSignInRow> = {
  type: 'sign_in_refused',
  secretOf: ({ sourceHash, tenantId }) => (sourceHash === null ? null : { subjectId: tenantId, value: sourceHash }),
  bodyOf: (row, commitment) => ({
    id: row.id,
    window_at: row.at,
    ...{ reason: row.reason, last4: row.last4, count: row.count },
    ...{ first_at: row.firstAt, last_at: row.lastAt },
    ...(commitment !== null && { source_commitment: commitment }),
  }),
};

const idOrNull = (thing: Thing, id: Uuid | null): string | null => id && toPublic(thing, id);

const isEmpty = (values: object): boolean => Object.keys(values).length === 0;

/** All of the values, those that may be read too. Null where there is nothing to commit to. */
const secretIn = (values: Readonly<Record<string, unknown>>, subjectId: Uuid | null): Secret | null =>
  isEmpty(values) ? null : { subjectId, value: values };

import { toPublic, type Uuid } from '../../domain/ids.ts';
import { type BaseRow, idOrNull, instant, kindOf, type RowKind } from './kinds.ts';

const of = (table: string, at: string) =>
  `r.id, r.tenant_id, r.xid::text as xid, ${instant(`r.${at}`)} as at from ledger.${table} r`;
const page = 'where r.xid >= $1::xid8 and r.xid < $2::xid8 and r.id > $3::uuid order by r.id limit $4';

type ActRow = BaseRow & { actor: string; action: string; subject: string; detail: object };

const acts = kindOf<ActRow>(
  'act',
  `select r.actor, r.action, r.subject, r.detail, r.detail <> '{}' as has_secret, ${of('audit', 'created_at')} ${page}`,
  ({ id, action, ...shown }) => ({
    id: toPublic('auditRecord', id),
    fields: { action },
    shown: { actor: shown.actor, subject: shown.subject, detail: shown.detail },
  }),
);

type AccessRow = BaseRow & { actor: string; subject_type: string; subject_id: Uuid | null; count: number };

const accesses = kindOf<AccessRow>(
  'access',
  `select r.actor, r.subject_type, r.subject_id, r.count, false as has_secret, ${of('archive_access', 'minute')} ${page}`,
  ({ id, at, subject_type, subject_id, count, actor }) => ({
    id,
    fields: {
      ...{ minute: at, subject_type, count },
      // The balance of an account is asked for by the account.
      subject: idOrNull(subject_type === 'statement' ? 'statement' : 'account', subject_id),
    },
    shown: { actor },
  }),
);

type RefusedRow = BaseRow & { says: object };

const refusedSignIns = kindOf<RefusedRow>(
  'sign_in_refused',
  `select jsonb_build_object('reason', r.reason, 'last4', r.last4, 'count', r.count, 'first_at', ${instant('r.first_at')}, 'last_at', ${instant('r.last_at')}) as says,
     r.source_hash is not null as has_secret, ${of('archive_refused_sign_in', 'window_at')} ${page}`,
  ({ id, at, says }) => ({ id, fields: { ...says, window_at: at } }),
);

/** What is recorded besides the book: acts, who read what, and who could not sign in. */
export const otherRows: readonly RowKind[] = [acts, accesses, refusedSignIns];

import { type SubjectType, subjectThings } from '../../domain/event.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import { type BaseRow, idOrNull, instant, kindOf, type RowKind } from './kinds.ts';

const common = `e.id, e.tenant_id, b.xid::text as xid, ${instant('e.created_at')} as at`;
const ofBatches = (table: string) => `from ledger.batch b join ledger.${table} e on e.batch_id = b.id`;
const page = 'where b.xid >= $1::xid8 and b.xid < $2::xid8 and e.id > $3::uuid order by e.id limit $4';

type Leg = { account: Uuid; [member: string]: unknown };
type EntryRow = BaseRow & {
  transfer_id: Uuid | null;
  reverses_id: Uuid | null;
  batch: string;
  effective_at: string;
  legs: Leg[];
};

const entries = kindOf<EntryRow>(
  'entry',
  `select ${common}, e.transfer_id, e.reverses_id, e.batch_id::text as batch, ${instant('e.effective_at')} as effective_at,
     e.description is not null or e.metadata <> '{}' as has_secret,
     (select coalesce(jsonb_agg(jsonb_build_object('leg', p.leg, 'side', p.side, 'account', p.account_id, 'currency', p.currency, 'amount', p.amount::text,
         'seq', p.seq::text, 'balance_after', p.balance_after::text) order by p.leg, p.side desc), '[]')
       from ledger.posting p where p.entry_id = e.id) as legs
   ${ofBatches('entry')} ${page}`,
  ({ id, transfer_id, reverses_id, batch, effective_at, legs }) => ({
    id: toPublic('entry', id),
    fields: {
      ...{ batch, effective_at },
      transfer: idOrNull('transfer', transfer_id),
      reverses: idOrNull('entry', reverses_id),
      legs: legs.map((leg) => ({ ...leg, account: toPublic('account', leg.account) })),
    },
  }),
);

type EventRow = BaseRow & {
  subject_type: SubjectType;
  subject_id: Uuid;
  version: number;
  from_state: string | null;
  cause: string;
  to_state: string;
  batch: string;
  evidence: object;
};

const events = kindOf<EventRow>(
  'event',
  `select ${common}, e.subject_type, e.subject_id, e.version, e.from_state, e.cause, e.to_state, e.batch_id::text as batch, e.evidence,
     e.evidence <> '{}' as has_secret
   ${ofBatches('event')} ${page}`,
  ({ id, subject_type, subject_id, version, from_state: from, cause, to_state: to, batch, evidence }) => ({
    id: toPublic('event', id),
    fields: {
      subject_type,
      subject: toPublic(subjectThings[subject_type], subject_id),
      version,
      from,
      cause,
      to,
      batch,
    },
    shown: { evidence },
  }),
);

type StatementRow = BaseRow & { account_id: Uuid; says: object };

/** Those that an event of these transactions says are ready. */
const statements = kindOf<StatementRow>(
  'statement',
  `select s.id, s.tenant_id, b.xid::text as xid, ${instant('s.ready_at')} as at, false as has_secret, s.account_id,
     jsonb_build_object('kind', s.kind, 'number', s.number, 'edition', s.edition, 'month', s.month, 'from_seq', s.from_seq::text, 'to_seq', s.to_seq::text,
       'opening', s.opening::text, 'closing', s.closing::text, 'money_in', s.money_in::text, 'money_out', s.money_out::text,
       'count_in', s.count_in, 'count_out', s.count_out, 'document_sha256', encode(s.document_sha256, 'hex'),
       'objects', (select jsonb_agg(jsonb_build_object('format', o.format, 'part', o.part, 'key', o.key, 'version_id', o.version_id,
           'sha256', encode(o.sha256, 'hex'), 'bytes', o.bytes) order by o.format collate "C", o.part)
         from ledger.statement_object o where o.statement_id = s.id)) as says
   ${ofBatches('event')} join ledger.statement s on s.id = e.subject_id
   where b.xid >= $1::xid8 and b.xid < $2::xid8 and e.subject_type = 'statement' and s.id > $3::uuid order by s.id limit $4`,
  ({ id, account_id, says }) => ({
    id: toPublic('statement', id),
    fields: { ...says, account: toPublic('account', account_id) },
  }),
);

/** What is recorded of the book: entries, events, and statements that became ready. */
export const bookRows: readonly RowKind[] = [entries, events, statements];

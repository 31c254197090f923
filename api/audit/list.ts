import { toPublic } from '../../domain/ids.ts';
import { type AuditRow, listAudit } from '../../ledger/read/audit.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { actorOf, subjectOf, toValues } from './names.ts';
import { auditQuery, auditRecord } from './schema.ts';

/** `GET /v1/audit`: who changed what, newest first. */
export const getAudit = operation({
  id: 'listAudit',
  summary: 'List changes',
  description:
    'Every change of the settings of this tenant, its keys, accounts and webhook endpoints, by keys and by operators of the platform, newest first. It is written in the commit of the change, and never changed. Money that moves is not in it: that is in transfers, entries and events.',
  query: auditQuery,
  status: 200,
  success: 'One page of changes.',
  response: listOf('AuditRecords', auditRecord),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const page = await listAudit(deps.reader, caller.tenantId, { filter: toFilter(query), page: toPageRequest(query) });
    return found(toList('audit', page, viewOf));
  },
});

const viewOf = ({ id, actor, action, subject, detail, createdAt }: AuditRow) => {
  const { before, after, ...others } = toObject(detail);
  return {
    id: toPublic('auditRecord', id),
    object: 'audit_record' as const,
    actor: actorOf(actor),
    action,
    subject: subjectOf(action, subject),
    before: valuesOf(before),
    after: valuesOf(after),
    detail: toValues(others),
    created_at: new Date(createdAt).toISOString(),
  };
};

const toObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const valuesOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null ? toValues(value) : null;

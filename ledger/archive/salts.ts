import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** What belongs to no tenant, and its salt. */
export const platformId: Uuid = '00000000-0000-0000-0000-000000000000';

/** What a commitment is about: an account, or a tenant, or the platform. `tenantId` null: the platform's. */
export type SaltSubject = { subjectId: Uuid; tenantId: Uuid | null };

/** The salts of these subjects, made where there are none. At most some thousand at once. Rules: `ledger.archive_salts`. */
export async function archiveSalts(pool: pg.Pool, subjects: readonly SaltSubject[]): Promise<Map<Uuid, Buffer>> {
  if (subjects.length === 0) return new Map();
  const salts = await call<{ subject_id: Uuid; salt: string }[]>(
    pool,
    'select ledger.archive_salts($1, $2) as answer',
    [subjects.map(({ subjectId }) => subjectId), subjects.map(({ tenantId }) => tenantId ?? platformId)],
  );
  return new Map(salts.map(({ subject_id: subjectId, salt }) => [subjectId, Buffer.from(salt, 'hex')]));
}

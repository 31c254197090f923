import { Bug } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import type { OnCommit } from '../../ledger/commit-effects.ts';
import { isPoison, isSplittable } from '../../ledger/faults.ts';
import { giveBackStatement } from '../../ledger/statements/give-back.ts';
import { putOffStatement } from '../../ledger/statements/put-off.ts';
import { storeStatement } from '../../ledger/statements/store.ts';
import type { TakenStatement } from '../../ledger/statements/take.ts';
import { RenderFault } from '../../statements/render/fault.ts';
import { StorageFault } from '../../storage/fault.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import { makeOne, type OneStatementTools } from './make-one.ts';
import type { StatementTerms } from './terms.ts';

export type FinishTools = OneStatementTools & { alarms: Alarms; onCommit: OnCommit; terms: StatementTerms };

/** What became of a statement that was taken: `givenBack` when this process stops, or another one has it; put off for a fault of the object store: that. */
export type Finish = 'made' | 'putOff' | 'givenBack' | StorageFault;

/**
 * Makes one statement and writes what came of it. One that cannot be made now is put off, longer each time, and a person is asked to look
 * after the fifth try; at once when its figures do not tie or other bytes are in its place. The others go on. Throws only what says nothing
 * about this statement: a fault of the database.
 */
export async function finishOne(statement: TakenStatement, tools: FinishTools): Promise<Finish> {
  const { lease, facts } = statement;
  try {
    const made = await makeOne(statement, tools);
    if (!made.ok) return await putOff(statement, { reason: made.refusal.code, isHopeless: true }, tools);
    const stored = await storeStatement(tools.pool, { id: facts.id, lease, ...made.value }, tools.onCommit);
    if (stored === 'conflict') askPerson(statement, { reason: 'stored_otherwise' }, tools);
    return stored === 'lost_lease' || stored === 'conflict' ? 'givenBack' : 'made';
  } catch (error) {
    if (tools.signal.aborted) return await giveBack(statement, tools);
    const cause = causeOf(error);
    if (cause === null) throw error;
    await putOff(statement, { ...cause, error }, tools);
    return error instanceof StorageFault ? error : 'putOff';
  }
}

/** A statement that this process took and does not try: it can be taken again at once. */
export async function giveBack(
  { facts: { id }, lease }: TakenStatement,
  { pool }: Pick<FinishTools, 'pool'>,
): Promise<Finish> {
  await giveBackStatement(pool, { id, lease });
  return 'givenBack';
}

type Cause = { reason: string; isHopeless: boolean };

/** What an error says about the statement; null: nothing. */
function causeOf(error: unknown): Cause | null {
  if (error instanceof StorageFault) return { reason: `storage_${error.code}`, isHopeless: false };
  if (error instanceof RenderFault) return { reason: `render_${error.code}`, isHopeless: false };
  if (error instanceof Bug) return { reason: 'broke_a_check', isHopeless: true };
  // The database ended one call after its time: the others may be short.
  if (isSplittable(rootOf(error))) return { reason: 'database_timeout', isHopeless: false };
  return isPoison(rootOf(error)) ? { reason: 'refused_by_the_database', isHopeless: true } : null;
}

/** A query's error has that of the server as its cause. */
const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;

async function putOff(
  statement: TakenStatement,
  { reason, isHopeless, error }: Cause & { error?: unknown },
  tools: FinishTools,
): Promise<Finish> {
  const { facts, lease, tries } = statement;
  const { retryMs, hopelessMs } = tools.terms;
  const inMs = isHopeless ? hopelessMs : (retryMs[tries] ?? retryMs.at(-1) ?? hopelessMs);
  const { isAttention } = await putOffStatement(tools.pool, { id: facts.id, lease, reason, inMs, isHopeless });
  if (isAttention) askPerson(statement, { reason, error }, tools);
  return 'putOff';
}

function askPerson(
  { facts: { id, tenantId, month } }: TakenStatement,
  { reason, error }: { reason: string; error?: unknown },
  { alarms }: FinishTools,
): void {
  const [statement, tenant] = [toPublic('statement', id), toPublic('tenant', tenantId)];
  alarms.raise(
    'statement_needs_attention',
    {
      statement,
      tenant,
      month,
      reason,
      ...(error !== undefined && { err: error }),
    },
    statement,
  );
}

import { cancellationSignal } from '@temporalio/activity';
import type pg from 'pg';
import type { OnCommit } from '../../ledger/commit-effects.ts';
import { closeStatementMonth } from '../../ledger/statements/close-month.ts';
import type { CloseStatementsResult, StatementMonth } from '../../workflows/contract/steps.ts';

/**
 * Closes a month when every account has its statement, or a reason to have none: the ledger checks them all once more, a page of accounts
 * with each call, and remembers how far it is. Who subscribed to it is told in the same commit.
 */
export const closeStatements =
  ({ pool, stopping, onCommit }: { pool: pg.Pool; stopping: AbortSignal; onCommit: OnCommit }) =>
  async ({ tenantId, month }: StatementMonth): Promise<CloseStatementsResult> => {
    for (;;) {
      cancellationSignal().throwIfAborted();
      stopping.throwIfAborted();
      const answer = await closeStatementMonth(pool, { tenantId, month }, onCommit);
      if (answer.status === 'closed') return { status: 'closed' };
      if (answer.status === 'open') return { status: 'open', left: answer.left, attention: answer.attention };
    }
  };

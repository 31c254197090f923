import { type Cell, csvRecord } from '../../domain/csv.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import type { Period } from '../../ledger/read/exports.ts';
import type { Deps } from '../deps.ts';
import { type Answer, refused } from '../http/answer.ts';

import { csvType } from './schema.ts';

/** One kind of export: its columns, and its rows of a period in pages, read one after the other. */
export type Export = {
  name: string;
  columns: readonly string[];
  pages(reader: Reader, tenantId: Uuid, period: Period): AsyncIterable<readonly (readonly Cell[])[]>;
};

/** A commit is written within seconds, so what was made before this is complete. */
const settledMs = 60_000;
/** How long a client waits that came while another export of its tenant runs. */
const busyMs = 30_000;

/** Streams an export. Between two pages nothing of the database is held. */
export function answerWith(kind: Export, { tenantId, period }: { tenantId: Uuid; period: Period }, deps: Deps): Answer {
  if (period.to.getTime() > Date.now() + deps.clockMs() - settledMs) {
    const error = { pointer: 'query/to', code: 'invalid_value', message: 'must be a minute ago or earlier' };
    return refused('validation_failed', { errors: [error] });
  }
  const end = deps.exportSlots.take(tenantId);
  if (end === null) return refused('rate_limited', { detail: busy, retryAfterMs: busyMs });
  const [from, to] = [period.from, period.to].map((at) => at.toISOString().slice(0, 10));
  return {
    ok: true,
    status: 200,
    file: {
      name: `${kind.name}-${from}-${to}.csv`,
      type: csvType,
      parts: partsOf(kind, kind.pages(deps.reader, tenantId, period)),
      end,
    },
  };
}

const busy = 'An export of this tenant runs already, or too many of all run. Wait until it has ended.';

async function* partsOf({ columns }: Export, pages: AsyncIterable<readonly (readonly Cell[])[]>) {
  yield { text: csvRecord(columns), rows: 0 };
  for await (const rows of pages) yield { text: rows.map(csvRecord).join(''), rows: rows.length };
}

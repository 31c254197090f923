import { refusals } from '../../api/http/refusals.ts';
import type { RefusalRow } from '../../domain/refusals.ts';
import { madeFrom, table } from './table.ts';

/** docs/refusals.md: every refusal, in the order of checking where a request reaches its endpoint, with what to do about it. The API serves the same text at the `type` of a problem. */
export function refusalsDocument(): string {
  const all: [string, RefusalRow][] = Object.entries(refusals);
  const rows = all.map(([code, { status, title, retryable }]) => [
    `[${code}](#${code})`,
    String(status),
    title,
    retryable ? 'yes' : 'no',
  ]);
  return [
    madeFrom('`api/http/refusals.ts` and `domain/refusals.ts`'),
    '# Refusals\n',
    'Every refusal of the API, in the order of checking where a request reaches its endpoint. A problem document has the code in `code`, the',
    'sentence in `title`, what to do in `action`, and in `retryable` whether the same request, with the same `Idempotency-Key` if it had one, may',
    'succeed later; the API key may be another one of the tenant. The `type` of the document leads to the same text.',
    'What the ledger decided under an `Idempotency-Key` stays decided: repeating the request gives the same answer.\n',
    table(['code', 'status', 'meaning', 'retryable'], rows),
    ...all.map(section),
  ].join('\n');
}

const keptText =
  'Decided by the ledger and kept permanently under the key. A transfer is then `declined`; a hold or an entry is not made.';

function section([code, { status, title, action, retryable, isDecline }]: [string, RefusalRow]): string {
  const kept = isDecline ? keptText : '';
  const again = retryable ? 'The same request with the same `Idempotency-Key` may succeed later.' : '';
  return [`### ${code}\n`, `${status}. ${title} ${action} ${kept}${again}`.trim(), ''].join('\n');
}

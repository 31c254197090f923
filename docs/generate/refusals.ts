import { ledgerRefusals, type RefusalCode, refusals } from '../../domain/refusals.ts';
import { refusalsLater } from './later.ts';
import { madeFrom, table } from './table.ts';

/** docs/refusals.md: every no, in the order of checking where a request reaches its endpoint, with what to do about it. The API serves the same text at the `type` of a problem. */
export function refusalsDocument(): string {
  const rows = codes().map((code) => {
    const { status, title, retryable } = refusals[code];
    const mark = refusalsLater[code] === undefined ? '' : ' _Later._';
    return [`[${code}](#${code})`, String(status), `${title}${mark}`, retryable ? 'yes' : 'no'];
  });
  return [
    madeFrom('`domain/refusals.ts`'),
    '# Refusals\n',
    'Every no that the API can say, in the order of checking where a request reaches its endpoint. A problem document carries the code in `code`, the sentence in',
    '`title`, what to do in `action`, and in `retryable` whether the *same request with the same key* may succeed later.',
    'Its `type` leads to the same text. What the ledger decided under an `Idempotency-Key` stays decided: repeating the request gives the same answer.',
    'What is marked _later_ is said by nothing yet.\n',
    table(['code', 'status', 'meaning', 'retryable'], rows),
    ...codes().map(section),
  ].join('\n');
}

function section(code: RefusalCode): string {
  const { status, title, action, retryable } = refusals[code];
  const kept = (ledgerRefusals as readonly string[]).includes(code)
    ? 'Decided by the ledger and kept permanently under the key; the transfer is `declined`.'
    : '';
  const again = retryable ? 'The same request with the same key may succeed later.' : '';
  const later = refusalsLater[code];
  const mark = later === undefined ? '' : ` _Later_: nothing says it yet; it comes with ${later}.`;
  return [`### ${code}\n`, `${status}. ${title} ${action} ${kept}${again}`.trim() + mark, ''].join('\n');
}

function codes(): RefusalCode[] {
  return Object.keys(refusals).filter((code): code is RefusalCode => code in refusals);
}

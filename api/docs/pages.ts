import { stateMeanings } from '../../domain/state-meanings.ts';
import { isOpen, transferStates } from '../../domain/transfer.ts';
import { type HttpRefusalCode, refusals } from '../http/refusals.ts';

/** The docs page: Scalar, from our own address, asking nobody else for anything. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quittance: API</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
</head>
<body>
<div id="app"></div>
<script src="/docs/scalar.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

type Terms = (typeof refusals)[HttpRefusalCode];

/** The page that a problem's \`type\` leads to. */
export function problemPage(code: string, { status, title, action, retryable }: Terms): string {
  const again = retryable ? 'may succeed later' : 'will be refused again';
  return page(code, [
    `<h1>${code}</h1>`,
    `<p><strong>${escaped(title)}</strong> (HTTP ${status})</p>`,
    `<p>What to do: ${escaped(action)}</p>`,
    `<p>The same request with the same Idempotency-Key ${again}.</p>`,
    '<p><a href="/problems">All refusals</a> · <a href="/docs">The API</a></p>',
  ]);
}

/** Every refusal on one page, in the order in which a request is checked. */
export const problemsPage = (): string =>
  page('Refusals', [
    '<h1>Refusals</h1>',
    '<p>Why a request may be refused, in the order of checking, with what to do about each.</p>',
    '<ul>',
    ...Object.entries(refusals).map(
      ([code, { status, title }]) => `<li><a href="/problems/${code}">${code}</a> (${status}): ${escaped(title)}</li>`,
    ),
    '</ul>',
    '<p><a href="/docs">The API</a> · <a href="/states">The states of a transfer</a></p>',
  ]);

/** The states of a transfer, where its `status` is explained. */
export const statesPage = (): string =>
  page('States of a transfer', [
    '<h1>States of a transfer</h1>',
    '<table><thead><tr><th>status</th><th>meaning</th><th>funds</th><th>final</th></tr></thead><tbody>',
    ...transferStates.map((state) => {
      const [meaning, funds] = stateMeanings[state];
      const cells = [`<code>${state}</code>`, escaped(meaning), funds, isOpen(state) ? 'no' : 'yes'];
      return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
    }),
    '</tbody></table>',
    '<p>States may be added: take one that you do not know for one that is not final.</p>',
    '<p><a href="/docs">The API</a> · <a href="/problems">All refusals</a></p>',
  ]);

/** A tick in a box, for the tab of a browser. */
export const favicon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#14532d"/><path d="M4 8.5l3 3 5-7" fill="none" stroke="#fff" stroke-width="2"/></svg>';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// Readable on a phone and in the dark, without a file to fetch.
const style =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}code{font-size:.95em}';

const page = (title: string, body: string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<title>${title}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="/favicon.svg" type="image/svg+xml">',
    `<style>${style}</style>`,
    ...body,
    '</html>',
    '',
  ].join('\n');

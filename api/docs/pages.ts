import { type HttpRefusalCode, refusals } from '../http/refusals.ts';

/** The docs page: Scalar, from our own address, asking nobody else for anything. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quittance: API</title>
</head>
<body>
<div id="app"></div>
<script src="/docs/scalar.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Starts Scalar. A file of its own, so that the policy of the page need not allow inline scripts. */
export const startScript = `Scalar.createApiReference('#app', {
  url: '/openapi.json',
  telemetry: false,
  withDefaultFonts: false,
  agent: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  mcp: { disabled: true },
});
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
    '<p><a href="/problems">All refusals</a></p>',
  ]);
}

/** Every refusal on one page, in the order in which a request is checked. */
export const problemsPage = (): string =>
  page('Refusals', [
    '<h1>Refusals</h1>',
    '<ul>',
    ...Object.entries(refusals).map(
      ([code, { status, title }]) => `<li><a href="/problems/${code}">${code}</a> (${status}): ${escaped(title)}</li>`,
    ),
    '</ul>',
  ]);

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const page = (title: string, body: string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<title>${title}</title>`,
    ...body,
    '</html>',
    '',
  ].join('\n');

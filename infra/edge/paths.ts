/** Paths that the edge sends to the API, as CloudFront writes them: `*` is any text, also none. */
export type ApiPath = { pattern: string; what: string; planned?: true };

/**
 * All that is the API's. The rest is the console's files. A test compares this with the API's own table of routes, so neither can have a
 * path that the other does not know; `planned` are those that the platform gets next.
 */
export const apiPaths: readonly ApiPath[] = [
  { pattern: '/v1/*', what: 'the API' },
  { pattern: '/session/*', what: 'signing in and out of the console', planned: true },
  { pattern: '/account', what: 'simple bank' },
  { pattern: '/balance', what: 'simple bank' },
  { pattern: '/add_balance', what: 'simple bank' },
  { pattern: '/transfer', what: 'simple bank' },
  { pattern: '/get_all_*', what: 'simple bank' },
  { pattern: '/ping', what: 'whether a process is there' },
  { pattern: '/health', what: 'whether it can serve' },
  { pattern: '/objects/*', what: 'links to objects' },
  { pattern: '/files/*', what: 'links to statements' },
  { pattern: '/openapi.json', what: 'the description of the API' },
  { pattern: '/docs', what: 'its pages' },
  { pattern: '/docs/*', what: 'their scripts' },
  { pattern: '/favicon.svg', what: 'their picture' },
  { pattern: '/states', what: 'what states mean' },
  { pattern: '/problems', what: 'what refusals mean' },
  { pattern: '/problems/*', what: 'each refusal' },
];

/** Paths of the console: its files, and addresses of its pages that a person may open or reload. None may reach the API. */
export const consolePaths: readonly string[] = [
  '/',
  '/index.html',
  '/robots.txt',
  '/assets/index-4f2a.js',
  '/assets/index-4f2a.css',
  '/assets/inter.woff2',
  '/accounts',
  '/accounts/ac_1',
  '/transfers',
  '/transfers/tr_1',
  '/statements',
  '/settings',
];

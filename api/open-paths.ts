/**
 * Addresses that need no key, as the router has them. Those that need one are in `routes.ts`. A list, because what stands in front of the
 * API has to know all of them (infra/edge/paths.ts).
 */
export const openPaths = [
  '/ping',
  '/health',
  '/objects/:token',
  '/files/:token',
  '/openapi.json',
  '/docs',
  '/docs/start.js',
  '/docs/scalar.js',
  '/favicon.svg',
  '/states',
  '/problems',
  '/problems/:code',
] as const;

/** One of them. Each refusal has a page of its own. */
export type OpenPath = (typeof openPaths)[number] | `/problems/${string}`;

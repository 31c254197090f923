import { createRequire } from 'node:module';
import { Runtime } from '@temporalio/worker';

/**
 * Run by find-temporal.ts with the folder as its argument: starts the SDK's ephemeral dev server once, which
 * downloads the CLI there first, and stops it again. Its exit code says nothing; the file is the answer.
 */
const keepMs = 24 * 60 * 60_000;
const folder = process.argv[2] ?? '';
const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
const runtime = Runtime.install({});
const server = await runtime.createEphemeralServer({
  type: 'dev-server',
  exe: {
    type: 'cached-download',
    downloadDir: folder,
    version: 'default',
    ttl: keepMs,
    sdkName: 'sdk-typescript',
    sdkVersion: version,
  },
  namespace: 'default',
  ip: '127.0.0.1',
  port: null,
  uiPort: null,
  dbFilename: null,
  ui: false,
  log: { format: 'pretty', level: 'error' },
  extraArgs: [],
});
await runtime.shutdownEphemeralServer(server);

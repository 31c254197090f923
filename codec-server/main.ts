import '../config/environment.ts';

import { once } from 'node:events';
import { readCodecServerEnv } from '../config/env.ts';
import { warnOfForeign } from '../config/environment.ts';
import { explainStartErrors } from '../config/explain-error.ts';
import { createLog } from '../config/log.ts';
import { createPayloadCodec } from '../encryption/codec.ts';
import { openPayloadKeys } from '../encryption/open-keys.ts';
import { createHttpClient } from '../http-client/http-client.ts';
import { createAlarms } from '../telemetry/alarms/alarms.ts';
import { createRegistry, metricsPage } from '../telemetry/metrics.ts';
import { serveTelemetry } from '../telemetry/server.ts';
import { endProcess, stopSignal } from '../telemetry/stop.ts';
import { createApp } from './app.ts';
import { createAudit } from './audit.ts';
import { sessionCookie } from './cookie.ts';
import { createDecodeRoute } from './decode-route.ts';
import { createHealth } from './health.ts';
import { createJudgeKey } from './judge-key.ts';
import { createMetrics } from './metrics.ts';
import { createCodecServer } from './server.ts';
import { createSessions } from './sessions.ts';
import { createSignInRoutes } from './sign-in-routes.ts';

/** To the API, whose own idle limit is 65 s. Few ask at once. */
const apiClient = { connections: 8, keepAliveMs: 30_000 } as const;

const started = explainStartErrors();
const env = readCodecServerEnv();
const { host, port, metricsPort, publicUrl, apiUrl } = env.codecServer;
const { namespace, uiUrl } = env.temporal;
const log = createLog('codec-server', env);
warnOfForeign(log);
if (new URL(publicUrl).hostname !== new URL(uiUrl).hostname)
  log.warn(
    { publicUrl, uiUrl },
    'browsers send the cookie of a sign-in only where both have the same host, or the same site',
  );
const registry = createRegistry({ prefix: 'quittance_codec_server_' });
const alarms = createAlarms({ log, registry });
const client = createHttpClient(apiClient);
const sessions = createSessions(createJudgeKey(client, apiUrl));
const metrics = createMetrics(registry, sessions.count);
const counted = createAudit(log);
const audit = {
  ...counted,
  note: (...[operator, decoded]: Parameters<typeof counted.note>) => {
    metrics.countPayloads(decoded);
    counted.note(operator, decoded);
  },
};
const cookie = sessionCookie(publicUrl);
// It encrypts nothing, so it makes no data key, and needs no right to.
const codec = createPayloadCodec(
  await openPayloadKeys({ ...env.encryption, encryptWith: null }, { raise: alarms.raise }),
);
const server = createCodecServer(
  createApp({
    uiUrl,
    publicUrl,
    decode: createDecodeRoute({ codec, sessions, cookie, audit, namespace, publicUrl }),
    signIn: createSignInRoutes({ sessions, cookie, log, countSignIn: metrics.countSignIn }),
    isHealthy: createHealth(client, apiUrl),
    countRequest: metrics.countRequest,
    log,
  }),
);
server.listen(port, host);
const [telemetry] = await Promise.all([
  serveTelemetry({ '/metrics': metricsPage(registry) }, { port: metricsPort, host }),
  once(server, 'listening'),
]);
log.info({ codecServer: server.address(), publicUrl, uiUrl, apiUrl }, 'listening');
started((error) => alarms.raise('uncaught_error', { err: error }));

await stopSignal(log);
await endProcess({
  log,
  graceMs: env.shutdown.graceMs,
  close: async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    telemetry.close();
    await closed;
    audit.end();
    client.close();
  },
});

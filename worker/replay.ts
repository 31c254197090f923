import '../config/environment.ts';

import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { writeReplayMark } from '../activities/versions/replay-mark.ts';
import { readEnv } from '../config/env.ts';
import { explainStartErrors } from '../config/explain-error.ts';
import { toClientConnection } from '../config/temporal.ts';
import { openDataConverter } from '../encryption/data-converter.ts';
import { workflowBundle } from './bundle.ts';
import { replaySample } from './replay-sample.ts';

/**
 * `npm run replay`: before a deploy, whether the newest runs of a server go on with the workflows of this tree. With WORKER_BUILD_ID, the version
 * whose code this is, what was found is kept beside the version: `operator workers ramp` and `make-current` ask for it.
 */
const perQuery = 500;

explainStartErrors();
const { temporal, encryption, worker } = readEnv();
const dataConverter = await openDataConverter(encryption);
// The core's own lines name the run by its id only; ours name the workflow.
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
const connection = await Connection.connect(toClientConnection(temporal));
const client = new Client({ connection, dataConverter, namespace: temporal.namespace });
const { replayed, stopped } = await replaySample(client, {
  ...{ bundle: await workflowBundle({ dataConverter }), dataConverter, perQuery },
});
for (const { workflowId, runId, reason } of stopped) console.error(`${workflowId} (run ${runId}): ${reason}`);
console.log(`${replayed} runs replayed, ${stopped.length} would stop with this code`);
if (worker.version)
  await writeReplayMark(client, worker.version, { at: Date.now(), replayed, stopped: stopped.length });
await connection.close();
process.exitCode = stopped.length === 0 ? 0 : 1;

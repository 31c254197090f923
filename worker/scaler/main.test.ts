import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { request } from 'undici';
import { freePort } from '../../local/ports.ts';
import { freezableTemporal } from '../../test/support/harness/freezable-temporal.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { startTestProgram } from '../../test/support/harness/program.ts';
import { taskQueues } from '../../workflows/contract/names.ts';

type Line = { service: string; TaskQueueBacklog: number };

test(
  'the scaler as a process: it waits for Temporal, needs no database, and writes lines of which CloudWatch makes metrics',
  async () => {
    const logFolder = await mkdtemp(join(tmpdir(), 'quittance-scaler-'));
    const [temporal, port] = [await freezableTemporal(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...{ SCALER_PORT: String(port), SCALER_EVERY_MS: '1000', SCALER_METRICS_NAMESPACE: 'Quittance/test' },
      // Figures are lines whatever the level is.
      ...{ TEMPORAL_ADDRESS: temporal.address, LOG_LEVEL: 'error' },
    };
    const program = startTestProgram({ name: 'worker/scaler', env, health: `${url}/ping`, logFolder });
    const statusOf = async (path: string) => (await request(`${url}${path}`)).statusCode;
    const lines = async () => {
      const text = await readFile(join(logFolder, 'worker-scaler.log'), 'utf8');
      return text.split('\n').flatMap((line) => (line.includes('"_aws"') ? [JSON.parse(line) as Line] : []));
    };
    await program.whenReady();
    expect(await statusOf('/health')).toBe(503);
    expect(await lines()).toEqual([]);

    await temporal.start();
    await until(async () => (await statusOf('/health')) === 200);
    const connection = await Connection.connect({ address: temporal.address });
    await new Client({ connection }).workflow.start('nobody', { taskQueue: taskQueues.archive, workflowId: 'w' });
    await connection.close();
    await until(async () =>
      (await lines()).some(({ service, TaskQueueBacklog }) => service === 'records' && TaskQueueBacklog === 1),
    );
    const body = await (await request(`${url}/metrics`)).body.text();
    expect(body).toMatch(/^quittance_service_backlog\{service="records"\} 1$/m);
    expect(body).toMatch(/^quittance_service_backlog\{service="transfers"\} 0$/m);
    await program.stop();
    expect(program.ends()).toBe(1);
    await temporal.end();
    await rm(logFolder, { recursive: true });
  },
  inTime(120_000),
);

import { Client, Connection } from '@temporalio/client';
import { type Env, readEnv } from '../config/env.ts';
import { toClientConnection } from '../config/temporal.ts';
import { openDataConverter } from '../encryption/data-converter.ts';

/** Runs an operator's command with a client of the Temporal that TEMPORAL_ADDRESS names. Throws when it does not answer, before anything is done. */
export async function withTemporal<T>(work: (client: Client, env: Env) => Promise<T>): Promise<T> {
  const env = readEnv();
  const dataConverter = await openDataConverter(env.encryption);
  const connection = await Connection.connect(toClientConnection(env.temporal));
  try {
    return await work(new Client({ connection, dataConverter, namespace: env.temporal.namespace }), env);
  } finally {
    await connection.close();
  }
}

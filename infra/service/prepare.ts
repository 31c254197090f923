import { fromSecret } from './injected.ts';
import type { Value } from './parameters.ts';

/** What drizzle/prepare-server.ts is told: where a new server is, and the secret of its master, which it reads and nothing else does. */
export const prepareSettings = ({
  host,
  database,
  caPath,
  masterSecretArn,
}: {
  host: string;
  database: string;
  caPath: string;
  masterSecretArn: string;
}): Record<string, Value> => ({
  SERVER_URL: `postgres://${host}:5432/${database}?sslmode=verify-full&sslrootcert=${caPath}`,
  SERVER_MASTER: fromSecret(masterSecretArn),
});

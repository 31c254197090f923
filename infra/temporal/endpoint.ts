import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { DataStack } from '../data/stack.ts';
import type { Place } from '../environment/place.ts';
import type { IdentityStack } from '../identity/stack.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { RegistryStack } from '../registry/stack.ts';
import type { SecurityStack } from '../security/stack.ts';
import type { ClusterStack } from '../service/stack.ts';

/** Temporal as programs reach it. */
export type TemporalEndpoint = {
  address: string;
  namespace: string;
  uiUrl: string;
  tls: boolean;
  /** The secret that is the key. Null: certificates are asked for instead. */
  apiKey: secretsmanager.ISecret | null;
  /** The secret with `ca`, `certificate` and `key`, and the name in the server's certificate. Null: the key is asked for. */
  mutual: { secret: secretsmanager.ISecret; serverName: string } | null;
};

/** The layers below it. */
export type TemporalProps = Place & {
  security: SecurityStack;
  network: NetworkStack;
  data: DataStack;
  registry: RegistryStack;
  cluster: ClusterStack;
  identity: IdentityStack;
};

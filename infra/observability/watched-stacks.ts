import type { ApiStack } from '../api/stack.ts';
import type { ChannelsStack } from '../channels/stack.ts';
import type { CodecServerStack } from '../codec-server/stack.ts';
import type { DataStack } from '../data/stack.ts';
import type { EdgeStack } from '../edge/stack.ts';
import type { IdentityStack } from '../identity/stack.ts';
import type { IngressStack } from '../ingress/stack.ts';
import type { MigrationStack } from '../migration/stack.ts';
import type { ScalerStack } from '../scaler/stack.ts';
import type { SimulatorStack } from '../simulator/stack.ts';
import type { StorageStack } from '../storage/stack.ts';
import type { TemporalStack } from '../temporal/stack.ts';
import type { WorkersStack } from '../workers/stack.ts';

/** Everything that is watched. */
export type WatchedStacks = {
  migration: MigrationStack;
  simulator: SimulatorStack | null;
  api: ApiStack;
  workers: WorkersStack;
  scaler: ScalerStack;
  codecServer: CodecServerStack | null;
  ingress: IngressStack;
  data: DataStack;
  temporal: TemporalStack;
  storage: StorageStack;
  identity: IdentityStack;
  channels: ChannelsStack;
  edge: EdgeStack;
};

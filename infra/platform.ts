import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApiStack } from './api/stack.ts';
import { ChannelsStack } from './channels/stack.ts';
import { CodecServerStack } from './codec-server/stack.ts';
import { DataStack } from './data/stack.ts';
import { EdgeStack } from './edge/stack.ts';
import type { Place } from './environment/place.ts';
import { IdentityStack } from './identity/stack.ts';
import { IngressStack } from './ingress/stack.ts';
import { LoggingStack } from './logging/stack.ts';
import { MigrationStack } from './migration/stack.ts';
import { NetworkStack } from './network/stack.ts';
import { ObservabilityStack } from './observability/stack.ts';
import { OperatorStack } from './operator/stack.ts';
import { RecoveryStack } from './recovery/stack.ts';
import { RegistryStack } from './registry/stack.ts';
import { ScalerStack } from './scaler/stack.ts';
import { SecurityStack } from './security/stack.ts';
import { ClusterStack } from './service/stack.ts';
import { SimulatorStack } from './simulator/stack.ts';
import { CheckpointsStack } from './storage/checkpoints-stack.ts';
import { StorageStack } from './storage/stack.ts';
import { TemporalStack } from './temporal/stack.ts';
import { WorkersStack } from './workers/stack.ts';

/**
 * One environment, from what lives permanently to what is replaced by each release. A stack knows only those above it, so this is also
 * the picture of what depends on what. Lifetimes separate them: what a release changes stands alone, and what holds money, keys or
 * evidence is never in the way of it (docs/aws/architecture.md).
 */
export class Platform extends Stage {
  constructor(scope: Construct, place: Place) {
    const { environment, deployment } = place;
    super(scope, environment.name, { env: { account: deployment.account, region: deployment.region } });

    // Years: keys, networks, evidence, data.
    const security = new SecurityStack(this, place);
    const logging = new LoggingStack(this, { ...place, security });
    const network = new NetworkStack(this, { ...place, security, logging });
    const recovery = environment.recovery.otherRegion ? new RecoveryStack(this, place) : null;
    const storage = new StorageStack(this, { ...place, security, logging, recovery });
    new CheckpointsStack(this, place);
    const registry = new RegistryStack(this, { ...place, security });
    const data = new DataStack(this, { ...place, security, network, recovery });
    const identity = new IdentityStack(this, { ...place, security, logging });
    const channels = new ChannelsStack(this, { ...place, security });

    // Quarters: what programs stand on.
    const cluster = new ClusterStack(this, { ...place, network });
    const temporal = new TemporalStack(this, { ...place, security, network, data, registry, cluster, identity });
    const ingress = new IngressStack(this, { ...place, security, network, logging });

    // Each release.
    const programs = { ...place, security, network, storage, registry, data, channels, cluster, temporal };
    const migration = new MigrationStack(this, programs);
    const operator = new OperatorStack(this, programs);
    const simulator = environment.simulator ? new SimulatorStack(this, programs) : null;
    const api = new ApiStack(this, { ...programs, ingress, identity, migration, operator, simulator });
    const workers = new WorkersStack(this, { ...programs, simulator });
    const scaler = new ScalerStack(this, programs);
    const codecServer = environment.temporal.mode === 'cloud' ? null : new CodecServerStack(this, programs);

    // Months: what the world sees, and what sees everything.
    const edge = new EdgeStack(this, { ...place, ingress, logging });
    const programsWatched = { migration, simulator, api, workers, scaler, codecServer };
    const watched = { ...programsWatched, ingress, data, temporal, storage, identity, channels, edge };
    new ObservabilityStack(this, { ...place, security, ...watched });
  }
}

import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import { prefixOf } from '../names.ts';
import type { NetworkStack } from '../network/stack.ts';

/**
 * Where programs run, and the names by which those inside find each other. A stack of its own: Temporal, which lives for quarters, and the
 * programs, which are replaced by each release, stand on the same one.
 */
export class ClusterStack extends Stack {
  readonly cluster: ecs.Cluster;
  /** The private zone of the network. Nothing outside the VPC can ask it. */
  readonly names: cloudmap.PrivateDnsNamespace;

  constructor(scope: Construct, { environment, network }: Place & { network: NetworkStack }) {
    super(scope, 'Cluster', {
      description: 'Where the programs run',
      terminationProtection: environment.name !== 'development',
    });
    const isProduction = environment.name === 'production';
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      clusterName: prefixOf(environment.name),
      vpc: network.vpc,
      enableFargateCapacityProviders: true,
      // A session carries a port of Temporal's page and no text; who opened it is in the trail.
      executeCommandConfiguration: { logging: ecs.ExecuteCommandLogging.NONE },
      // Per task and container: which of ten tasks grows, and not only that the mean does.
      containerInsightsV2: isProduction ? ecs.ContainerInsights.ENHANCED : ecs.ContainerInsights.ENABLED,
    });
    this.names = new cloudmap.PrivateDnsNamespace(this, 'Names', {
      name: `${prefixOf(environment.name)}.internal`,
      vpc: network.vpc,
      description: 'Programs inside: the front end of Temporal, the simulator of banks',
    });
  }
}

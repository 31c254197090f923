import { Stack } from 'aws-cdk-lib';
import { CfnVPCEncryptionControl, type IPeer, Peer, type SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Place } from '../environment/place.ts';
import { accessLogsNameOf } from '../logging/names.ts';
import type { LoggingStack } from '../logging/stack.ts';
import type { SecurityStack } from '../security/stack.ts';
import { exactAddresses } from './addresses.ts';
import { Endpoints } from './endpoints.ts';
import { FlowLogs } from './flow-logs.ts';
import type { Layer } from './rules.ts';
import { SecurityGroups } from './security-groups.ts';

/** Who CloudFront is to the balancer: the group of its private origins, which no other customer's distribution is in, once there is one. */
const cloudFrontOf = ({ privateOriginsGroup, cloudFrontPrefixList }: Deployment): IPeer =>
  privateOriginsGroup === null ? Peer.prefixList(cloudFrontPrefixList) : Peer.securityGroupId(privateOriginsGroup);

/**
 * The network in two zones. Public subnets hold the NAT gateways and nothing else, programs are in private ones, and from those of the
 * data no route leads out.
 */
export class NetworkStack extends Stack {
  readonly vpc: Vpc;
  readonly groups: Readonly<Record<Layer, SecurityGroup>>;
  readonly #zones: string[];

  constructor(scope: Construct, props: Place & { security: SecurityStack; logging: LoggingStack }) {
    const { environment, deployment, security, logging } = props;
    super(scope, 'Network', { terminationProtection: environment.name !== 'development' });
    this.addStackDependency(logging, 'flow logs are written into its bucket');
    this.#zones = [...deployment.zones];
    const isDisposable = environment.name === 'development';
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: exactAddresses(environment.network.block),
      availabilityZones: [...deployment.zones],
      natGateways: environment.network.natGateways,
      // Nobody can stand in the group that AWS makes: it lets all its members reach each other.
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED },
      ],
    });
    // Between machines of these kinds AWS encrypts what is sent; this says where it does not.
    new CfnVPCEncryptionControl(this, 'Encryption', { vpcId: this.vpc.vpcId, mode: 'monitor' });
    this.groups = new SecurityGroups(this, 'Groups', { vpc: this.vpc, cloudFront: cloudFrontOf(deployment) }).of;
    new Endpoints(this, 'Endpoints', {
      vpc: this.vpc,
      group: this.groups.endpoints,
      account: deployment.account,
      region: deployment.region,
      checkpointsAccount: deployment.checkpoints.account,
      extent: environment.network.endpoints,
    });
    const bucket = environment.name === 'production' ? accessLogsNameOf(environment.name, deployment) : null;
    new FlowLogs(this, 'Flows', { vpc: this.vpc, key: security.keys.logs, bucket, isDisposable });
  }

  /** The CDK asks an account for its zones, also when they are given: these are given, and the synthesis asks nobody. */
  override get availabilityZones(): string[] {
    return this.#zones;
  }
}

import { type IPeer, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { type Layer, layers, type SecurityRule, securityRules } from './rules.ts';

/**
 * The security group of each layer, with the rules of the table and no other. All stand in this stack: a rule in the stack of one of its
 * ends would make that stack depend on the other's.
 */
export class SecurityGroups extends Construct {
  readonly of: Readonly<Record<Layer, SecurityGroup>>;

  constructor(scope: Construct, id: string, { vpc, cloudFront }: { vpc: IVpc; cloudFront: IPeer }) {
    super(scope, id);
    const make = (layer: Layer): SecurityGroup =>
      new SecurityGroup(this, layer, {
        vpc,
        description: meanings[layer],
        allowAllOutbound: false,
      });
    const of = Object.fromEntries(layers.map((layer) => [layer, make(layer)])) as Record<Layer, SecurityGroup>;
    const peers: Record<SecurityRule['from'] | SecurityRule['to'], IPeer> = {
      ...of,
      cloudFront,
      anywhere: Peer.anyIpv4(),
    };
    for (const { from, to, port, why } of securityRules) {
      const ports = typeof port === 'number' ? Port.tcp(port) : Port.tcpRange(port[0], port[1]);
      if (to !== 'anywhere') of[to].addIngressRule(peers[from], ports, why);
      if (from !== 'cloudFront') of[from].addEgressRule(peers[to], ports, why);
    }
    this.of = of;
  }
}

const meanings: Record<Layer, string> = {
  balancer: 'The balancer, behind CloudFront',
  api: 'Tasks of the API',
  worker: 'Tasks of the workers',
  simulator: 'The simulator of banks',
  migration: 'Tasks that change the database',
  operator: 'Tasks of operators and of who verifies',
  scaler: 'What measures the task queues',
  codecServer: 'What decrypts the content of workflows for operators',
  smoke: 'What tries a release before clients see it',
  temporal: 'The Temporal server, or the endpoint of Temporal Cloud',
  temporalUi: 'The page of Temporal',
  database: 'The ledger',
  temporalDatabase: 'The database of Temporal',
  cache: 'The cache',
  endpoints: 'Endpoints of AWS services',
};

import { GatewayVpcEndpointAwsService, type ISecurityGroup, type SubnetSelection, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { endpointServices } from './endpoint-services.ts';

export type EndpointsProps = {
  vpc: Vpc;
  group: ISecurityGroup;
  account: string;
  region: string;
  /** The account of the second store, whose bucket is written through the same gateway. */
  checkpointsAccount: string;
  /** `minimal`: S3, and those that pulling an image needs, in one zone; the rest goes through the NAT gateway. */
  extent: 'minimal' | 'full';
};

/**
 * Services of AWS inside the network. Each lets only our account in, and only what our programs ask: with stolen keys of another account
 * nothing can be carried out through them.
 */
export class Endpoints extends Construct {
  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const { vpc, group, account, extent } = props;
    const zones = extent === 'minimal' ? vpc.availabilityZones.slice(0, 1) : vpc.availabilityZones;
    const subnets: SubnetSelection = { subnetGroupName: 'private', availabilityZones: zones };
    for (const { name, service, actions, isMinimal } of endpointServices) {
      if (extent === 'minimal' && !isMinimal) continue;
      const endpoint = vpc.addInterfaceEndpoint(name, { service, subnets, securityGroups: [group], open: false });
      endpoint.addToPolicy(ofAccount([...actions], ['*'], { 'aws:PrincipalAccount': account }));
    }
    addStorage(props);
  }
}

/** S3 by a route and without a price. What is in it: our buckets, the second account's, and the layers of images, which are AWS's. */
function addStorage({ vpc, account, region, checkpointsAccount }: EndpointsProps): void {
  const storage = vpc.addGatewayEndpoint('Storage', {
    service: GatewayVpcEndpointAwsService.S3,
    subnets: [{ subnetGroupName: 'private' }],
  });
  const ours = { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': [account, checkpointsAccount] };
  storage.addToPolicy(ofAccount([...objectActions], ['arn:aws:s3:::*'], ours));
  storage.addToPolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [`arn:aws:s3:::prod-${region}-starport-layer-bucket/*`],
      // ECR signs these requests, not a role of ours; they come from this network all the same.
      conditions: { StringEquals: { 'aws:SourceVpc': vpc.vpcId } },
    }),
  );
}

const objectActions = [
  ...['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectLegalHold'],
  ...['s3:PutObject', 's3:PutObjectRetention', 's3:ListBucketVersions'],
];

const ofAccount = (
  actions: string[],
  resources: string[],
  conditions: Record<string, string | string[]>,
): PolicyStatement =>
  new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions,
    resources,
    conditions: { StringEquals: conditions },
  });

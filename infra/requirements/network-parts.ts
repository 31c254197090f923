import { at, expected, type Json, listAt, textAt } from './json.ts';
import { groupOf } from './network-rules.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** The network of a VPC or a subnet. */
export const blockOf = ({ properties }: Resource): string => textAt(properties, 'CidrBlock');

/** The subnets of a tier, by the name that the CDK tags them with. */
export function subnetsOf({ resources }: Synthesised, tier: string): Resource[] {
  return resources('Network', 'AWS::EC2::Subnet').filter(({ properties }) =>
    listAt(properties, 'Tags').some(
      (tag) => textAt(tag, 'Key') === 'aws-cdk:subnet-name' && textAt(tag, 'Value') === tier,
    ),
  );
}

/** The route of a subnet to everywhere, by its route table. */
export function defaultRouteOf({ resources }: Synthesised, subnet: Resource): Resource | undefined {
  const [association] = resources('Network', 'AWS::EC2::SubnetRouteTableAssociation', {
    SubnetId: `\${Network.${subnet.id}}`,
  });
  return resources('Network', 'AWS::EC2::Route', { DestinationCidrBlock: '0.0.0.0/0' }).find(
    ({ properties }) => properties['RouteTableId'] === association?.properties['RouteTableId'],
  );
}

/** Subnets of a tier whose way out is another than it should be. */
export function routeProblems(synthesised: Synthesised, tier: string, through: RegExp): string[] {
  return subnetsOf(synthesised, tier).flatMap((subnet) => {
    const route = defaultRouteOf(synthesised, subnet)?.properties ?? {};
    const gateway = textAt(route, 'GatewayId') || textAt(route, 'NatGatewayId');
    return through.test(gateway) ? [] : [`${subnet.id} leads to ${gateway || 'nothing'}`];
  });
}

/** Gateways outside of public subnets, and where there is one in each zone, private subnets that leave through another zone. */
export function gatewayProblems(synthesised: Synthesised): string[] {
  const { resources, target } = synthesised;
  const gateways = resources('Network', 'AWS::EC2::NatGateway');
  const zoneOf = (subnet: Resource | undefined): string => textAt(subnet?.properties, 'AvailabilityZone');
  const open = subnetsOf(synthesised, 'public').map(({ id }) => id);
  const misplaced = gateways.filter(({ properties }) => !open.includes(target(properties['SubnetId'])?.id ?? ''));
  const strays = subnetsOf(synthesised, 'private').filter((subnet) => {
    const gateway = target(defaultRouteOf(synthesised, subnet)?.properties['NatGatewayId']);
    return gateways.length > 1 && zoneOf(target(gateway?.properties['SubnetId'])) !== zoneOf(subnet);
  });
  return [
    ...misplaced.map(({ id }) => `${id} stands in no public subnet`),
    ...strays.map(({ id }) => `${id} leaves through another zone`),
  ];
}

/** What is reached inside the network: everywhere, and where all of it is. Stated twice on purpose, as the table of connections is. */
const minimalEndpoints = ['ecr.api', 'ecr.dkr'];
const furtherEndpoints = ['logs', 'secretsmanager', 'kms', 'sts', 'ssm', 'ssmmessages', 'xray', 'monitoring'];

/** Endpoints that are missing, too many, in the wrong place, or open. */
export function endpointProblems(synthesised: Synthesised): string[] {
  const { environment, deployment, resources } = synthesised;
  const isFull = environment.network.endpoints === 'full';
  const wanted = isFull ? [...minimalEndpoints, ...furtherEndpoints] : minimalEndpoints;
  const gateways = resources('Network', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
  const doors = resources('Network', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' });
  const zones = isFull ? 2 : 1;
  return [
    ...expected('full endpoints', isFull, environment.name !== 'development'),
    ...expected(
      'gateways',
      gateways.map(({ properties }) => textAt(properties, 'ServiceName').split('.').at(-1) ?? ''),
      ['s3'],
    ),
    ...expected(
      'endpoints',
      doors.map(({ properties }) => shortName(textAt(properties, 'ServiceName'))).toSorted(),
      wanted.toSorted(),
    ),
    ...doors.flatMap(({ id, properties }) => [
      ...expected(`subnets of ${id}`, listAt(properties, 'SubnetIds').length, zones),
      ...expected(
        `groups of ${id}`,
        listAt(properties, 'SecurityGroupIds').map((group) => groupOf(synthesised, group)),
        ['endpoints'],
      ),
      ...listAt(properties, 'PolicyDocument', 'Statement').flatMap((statement) =>
        expected(
          `who may use ${id}`,
          at(statement, 'Condition', 'StringEquals', 'aws:PrincipalAccount'),
          deployment.account,
        ),
      ),
      ...(listAt(properties, 'PolicyDocument', 'Statement').length > 0 ? [] : [`${id} has no policy`]),
      ...listAt(properties, 'PolicyDocument', 'Statement')
        .flatMap((statement) => listAt(statement, 'Action').map(String))
        .filter((action) => action.includes('*'))
        .map((action) => `${id} lets ${action} through`),
    ]),
    ...(['ecr.api', 'ecr.dkr'].every((name) =>
      doors.some(({ properties }) => textAt(properties, 'ServiceName').endsWith(name)),
    )
      ? []
      : ['images are pulled through the NAT gateway']),
  ];
}

const shortName = (service: string): string =>
  service.replace(/^.*amazonaws\.[a-z0-9-]+\./, '').replace(/^\$\{.*\}\./, '');

/** That the database refuses what comes without TLS. */
export function forcesTls(...found: Resource[][]): string[] {
  const groups = found.flat();
  const forced = groups.filter(({ properties }) => isForced(at(properties, 'Parameters', 'rds.force_ssl')));
  return forced.length > 0 ? [] : ['no parameter group of the database forces TLS'];
}

const isForced = (value: Json | undefined): boolean => value === '1' || value === 1;

import { at, type Json, listAt, matches, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Resource, Synthesised } from './synthesised.ts';

const everywhere = ['0.0.0.0/0', '::/0'];

/** What the internet can reach: CloudFront, Cognito's sign-in, and nothing else. */
export const exposureRows: readonly Row[] = [
  {
    id: 'exposure/no-open-ingress',
    source: ['000', '001', '003', '004'],
    requirement: 'security groups by layer: none takes a connection from everywhere',
    answer:
      'Stronger than requirement 001, whose balancer takes 443 and 80 from 0.0.0.0/0: only CloudFront reaches the balancer, and CloudFront redirects.',
    check: (synthesised) =>
      ingressOf(synthesised)
        .filter(
          ({ rule }) => everywhere.includes(textAt(rule, 'CidrIp')) || everywhere.includes(textAt(rule, 'CidrIpv6')),
        )
        .map(({ place, rule }) => `${place} takes ${textAt(rule, 'IpProtocol')} from everywhere`),
  },
  {
    id: 'exposure/no-public-address',
    source: ['000', '001', '003', '004'],
    requirement: 'programs, databases and the balancer have no public address',
    answer: 'Public subnets hold NAT gateways only; the balancer is internal.',
    check: ({ resources }) =>
      publicProperties.flatMap(([type, ...forms]) =>
        resources('*', type).flatMap((resource) =>
          forms
            .filter(({ place, is }) => at(resource.properties, ...place) === is)
            .map(({ place }) => `${resource.stack}.${resource.id}: ${place.join('.')} makes it public`),
        ),
      ),
  },
  {
    id: 'exposure/addresses-are-for-nat',
    source: ['001', '004'],
    requirement: 'public subnets for the way out: an elastic address belongs to a NAT gateway',
    answer: 'As many addresses as NAT gateways, and each of them used by one.',
    check: ({ resources }) => {
      const used = resources('*', 'AWS::EC2::NatGateway').map(({ properties }) => textAt(properties, 'AllocationId'));
      return resources('*', 'AWS::EC2::EIP')
        .filter(({ stack, id }) => !used.includes(`\${${stack}.${id}.AllocationId}`))
        .map(({ stack, id }) => `${stack}.${id} is an address without a NAT gateway`);
    },
  },
  {
    id: 'exposure/no-public-bucket',
    source: ['001', '002', '003'],
    requirement: 'no bucket can be made public, and none is read or written without TLS',
    answer:
      'All four blocks of each bucket, ownership without access lists, and a policy that denies what does not come by TLS.',
    check: (synthesised) =>
      synthesised.resources('*', 'AWS::S3::Bucket').flatMap((bucket) => bucketProblems(synthesised, bucket)),
  },
  {
    id: 'exposure/no-other-doors',
    source: ['platform'],
    requirement: 'nothing else has an address of its own on the internet',
    answer: 'No function URL, no API of API Gateway, no network balancer to the internet, no machine.',
    check: ({ resources }) =>
      otherDoors.flatMap((type) => resources('*', type).map(({ stack, id }) => `${stack}.${id} is a ${type}`)),
  },
];

const otherDoors = [
  'AWS::Lambda::Url',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGatewayV2::Api',
  'AWS::EC2::Instance',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::AppRunner::Service',
  'AWS::GlobalAccelerator::Accelerator',
  'AWS::Lightsail::Instance',
];

type Form = { place: string[]; is: Json };
const publicProperties: [type: string, ...forms: Form[]][] = [
  ['AWS::EC2::Subnet', { place: ['MapPublicIpOnLaunch'], is: true }],
  ['AWS::ECS::Service', { place: ['NetworkConfiguration', 'AwsvpcConfiguration', 'AssignPublicIp'], is: 'ENABLED' }],
  ['AWS::RDS::DBInstance', { place: ['PubliclyAccessible'], is: true }],
  ['AWS::RDS::DBCluster', { place: ['PubliclyAccessible'], is: true }],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', { place: ['Scheme'], is: 'internet-facing' }],
];

/** Every rule of what a security group takes, inline or as a resource of its own. */
function ingressOf({ resources }: Synthesised): { place: string; rule: Json }[] {
  return [
    ...resources('*', 'AWS::EC2::SecurityGroup').flatMap(({ stack, id, properties }) =>
      listAt(properties, 'SecurityGroupIngress').map((rule) => ({ place: `${stack}.${id}`, rule })),
    ),
    ...resources('*', 'AWS::EC2::SecurityGroupIngress').map(({ stack, id, properties }) => ({
      place: `${stack}.${id}`,
      rule: properties,
    })),
  ];
}

const blocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };

function bucketProblems({ resources }: Synthesised, { stack, id, properties }: Resource): string[] {
  const place = `${stack}.${id}`;
  const policies = resources(stack, 'AWS::S3::BucketPolicy').filter(
    (policy) => policy.properties['Bucket'] === `\${${place}}`,
  );
  const denied = policies
    .flatMap((policy) => listAt(policy.properties, 'PolicyDocument', 'Statement'))
    .some((statement) =>
      matches(statement, { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  return [
    ...(matches(properties['PublicAccessBlockConfiguration'], blocked) ? [] : [`${place} can be made public`]),
    ...(denied ? [] : [`${place} is open without TLS`]),
  ];
}

import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { pathOf } from '../names.ts';

type CloudProps = {
  environment: EnvironmentName;
  deployment: Deployment;
  vpc: ec2.IVpc;
  group: ec2.ISecurityGroup;
  key: kms.IKey;
  auth: 'api-key' | 'mtls';
};

/**
 * Temporal Cloud by a private link: nothing of ours goes over the internet to it. Programs keep the name of their namespace; in this
 * network it leads to the endpoint. The private zone is that of the namespace where it has one region. A replicated one is an alias of the
 * region that is active, so there the zone is the region's: over the namespace's own, a failover would not be seen here
 * (temporalio/documentation#4669).
 */
export class TemporalCloud extends Construct {
  /** What the programs show: a key, or a certificate with its key and authority. An operator puts it there; it is never in a template. */
  readonly secret: secretsmanager.Secret;
  readonly host: string;

  constructor(scope: Construct, id: string, { environment, deployment, vpc, group, key, auth }: CloudProps) {
    super(scope, id);
    const { isReplicated, namespace, serviceName } = deployment.temporalCloud;
    this.host = `${namespace}.tmprl.cloud`;
    const endpoint = new ec2.InterfaceVpcEndpoint(this, 'Link', {
      vpc,
      service: new ec2.InterfaceVpcEndpointService(serviceName, temporalPort),
      subnets: { subnetGroupName: 'private' },
      securityGroups: [group],
      // Its rules are in network/security-groups.ts.
      open: false,
      privateDnsEnabled: false,
    });
    const zone = new route53.PrivateHostedZone(this, 'Zone', {
      zoneName: isReplicated ? `aws-${deployment.region}.region.tmprl.cloud` : this.host,
      vpc,
    });
    new route53.ARecord(this, 'Name', {
      zone,
      target: route53.RecordTarget.fromAlias(new targets.InterfaceVpcEndpointTarget(endpoint)),
    });
    this.secret = new secretsmanager.Secret(this, 'Login', {
      secretName: pathOf(environment, 'temporal/login'),
      description: auth === 'api-key' ? 'The key for Temporal Cloud' : 'Certificate and key for Temporal Cloud',
      encryptionKey: key,
    });
  }
}

const temporalPort = 7233;

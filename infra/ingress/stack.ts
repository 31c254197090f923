import { Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { apiNameOf } from '../edge/names.ts';
import type { Place } from '../environment/place.ts';
import type { LoggingStack } from '../logging/stack.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { SecurityStack } from '../security/stack.ts';
import { Balancer } from './balancer.ts';
import { productionPort, ReleaseListener, testPort } from './listeners.ts';
import { TargetGroup } from './target-groups.ts';

/**
 * The balancer with what a release shifts: two sets of tasks, and a rule with their weights. A stack of its own, which changes once in
 * years, and never while a release runs.
 */
export class IngressStack extends Stack {
  readonly balancer: elbv2.ApplicationLoadBalancer;
  readonly listener: elbv2.ApplicationListener;
  readonly testListener: elbv2.ApplicationListener;
  readonly rule: elbv2.ApplicationListenerRule;
  readonly testRule: elbv2.ApplicationListenerRule;
  readonly blue: elbv2.ApplicationTargetGroup;
  readonly green: elbv2.ApplicationTargetGroup;
  readonly certificate: acm.Certificate;

  constructor(
    scope: Construct,
    {
      environment,
      deployment,
      network,
      logging,
    }: Place & { security: SecurityStack; network: NetworkStack; logging: LoggingStack },
  ) {
    super(scope, 'Ingress', {
      description: 'The balancer, its listeners and both sets of tasks: never changed while a release runs',
      terminationProtection: environment.name !== 'development',
    });
    this.addStackDependency(logging, 'access logs are written into its bucket');
    const { vpc, groups } = network;
    const group = ec2.SecurityGroup.fromSecurityGroupId(this, 'Group', groups.balancer.securityGroupId, {
      mutable: false,
    });
    const port = environment.api.port;
    this.blue = new TargetGroup(this, 'Blue', { vpc, port }).group;
    this.green = new TargetGroup(this, 'Green', { vpc, port }).group;
    this.balancer = new Balancer(this, 'Balancer', { environment: environment.name, deployment, vpc, group }).balancer;
    this.certificate = this.#certificate(deployment);
    const both = {
      balancer: this.balancer,
      certificate: this.certificate,
      blue: this.blue,
      green: this.green,
    };
    const production = new ReleaseListener(this, 'Production', { ...both, port: productionPort });
    const test = new ReleaseListener(this, 'Test', { ...both, port: testPort });
    this.listener = production.listener;
    this.rule = production.rule;
    this.testListener = test.listener;
    this.testRule = test.rule;
  }

  /** Of the API's public name: CloudFront asks the balancer for it, and verifies it. */
  #certificate({ domain, hostedZoneId }: Place['deployment']): acm.Certificate {
    const zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName: domain });
    return new acm.Certificate(this, 'Certificate', {
      domainName: apiNameOf(domain),
      validation: acm.CertificateValidation.fromDns(zone),
      keyAlgorithm: acm.KeyAlgorithm.EC_PRIME256V1,
    });
  }
}

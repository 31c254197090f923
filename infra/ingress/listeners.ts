import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/** Clients come in here. */
export const productionPort = 443;
/** A release that no client sees yet: only the test of the deployment may call it. */
export const testPort = 8443;

type ListenerProps = {
  balancer: elbv2.ApplicationLoadBalancer;
  certificate: acm.ICertificate;
  port: number;
  blue: elbv2.ApplicationTargetGroup;
  green: elbv2.ApplicationTargetGroup;
};

/**
 * A listener with the one rule whose weights ECS moves from one set of tasks to the other. It stands in a stack that no release touches:
 * CloudFormation writes the weights below again whenever the rule changes in its template, and during a release they would send clients
 * to a set without tasks (aws/aws-cdk#36649). Listener and rule forward and do nothing else: next to an action of another kind ECS cannot
 * shift traffic.
 */
export class ReleaseListener extends Construct {
  readonly listener: elbv2.ApplicationListener;
  readonly rule: elbv2.ApplicationListenerRule;

  constructor(scope: Construct, id: string, { balancer, certificate, port, blue, green }: ListenerProps) {
    super(scope, id);
    this.listener = new elbv2.ApplicationListener(this, 'Listener', {
      loadBalancer: balancer,
      port,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [certificate],
      sslPolicy: elbv2.SslPolicy.TLS13_12_PQ,
      // Its rules stand in network/security-groups.ts.
      open: false,
      defaultAction: toBoth(blue, green),
    });
    this.rule = new elbv2.ApplicationListenerRule(this, 'Rule', {
      listener: this.listener,
      priority: 1,
      conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
      action: toBoth(blue, green),
    });
  }
}

const toBoth = (blue: elbv2.ApplicationTargetGroup, green: elbv2.ApplicationTargetGroup): elbv2.ListenerAction =>
  elbv2.ListenerAction.weightedForward([
    { targetGroup: blue, weight: 100 },
    { targetGroup: green, weight: 0 },
  ]);

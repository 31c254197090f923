import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { TemporalCloud } from './cloud.ts';
import type { TemporalEndpoint, TemporalProps } from './endpoint.ts';
import { TemporalOnFargate } from './fargate.ts';

/** Where workflows are: at Temporal Cloud by a private link, or on Fargate. */
export class TemporalStack extends Stack {
  readonly endpoint: TemporalEndpoint;
  /** The servers of our own, by role; empty where Temporal Cloud has them. */
  readonly services: Readonly<Record<string, { service: ecs.FargateService; count: number }>>;

  constructor(scope: Construct, props: TemporalProps) {
    const { environment, deployment, network, security } = props;
    super(scope, 'Temporal', {
      description: 'Temporal, or the way to Temporal Cloud',
      terminationProtection: environment.name !== 'development',
    });
    const { temporal } = environment;
    if (temporal.mode !== 'cloud') {
      const own = new TemporalOnFargate(this, 'Fargate', { ...props, temporal });
      this.endpoint = own.endpoint;
      this.services = own.services;
      return;
    }
    const group = ec2.SecurityGroup.fromSecurityGroupId(this, 'Group', network.groups.temporal.securityGroupId, {
      mutable: false,
    });
    const cloud = new TemporalCloud(this, 'Cloud', {
      environment: environment.name,
      deployment,
      vpc: network.vpc,
      group,
      key: security.keys.secrets,
      auth: temporal.auth,
    });
    const isByKey = temporal.auth === 'api-key';
    this.endpoint = {
      address: `${cloud.host}:7233`,
      namespace: deployment.temporalCloud.namespace,
      uiUrl: 'https://cloud.temporal.io',
      tls: true,
      apiKey: isByKey ? cloud.secret : null,
      mutual: isByKey ? null : { secret: cloud.secret, serverName: cloud.host },
    };
    this.services = {};
  }
}

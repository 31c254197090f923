import { Duration } from 'aws-cdk-lib';
import {
  type IOrigin,
  OriginProtocolPolicy,
  OriginSslPolicy,
  VpcOrigin,
  VpcOriginEndpoint,
} from 'aws-cdk-lib/aws-cloudfront';
import { VpcOrigin as VpcOriginOf } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/**
 * The way from CloudFront to the balancer inside the network, by TLS to its certificate's name. Nothing of it may change while a
 * distribution uses it, its tags included (aws/aws-cdk#35765): its name, ports and balancer stay, and place.ts gives it no tags. To
 * replace it, make a second one, switch, and delete this.
 */
export class PrivateOrigin extends Construct {
  readonly origin: IOrigin;

  constructor(
    scope: Construct,
    id: string,
    props: { environment: EnvironmentName; balancer: IApplicationLoadBalancer; name: string },
  ) {
    super(scope, id);
    const { environment, balancer, name } = props;
    const endpoint = new VpcOrigin(this, 'Endpoint', {
      endpoint: VpcOriginEndpoint.applicationLoadBalancer(balancer),
      vpcOriginName: `${prefixOf(environment)}-api`,
      httpsPort: 443,
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    });
    this.origin = VpcOriginOf.withVpcOrigin(endpoint, {
      originId: 'api',
      domainName: name,
      // A statement's file is the slowest answer.
      readTimeout: Duration.seconds(60),
      // Below the balancer's own 60 s: CloudFront ends an idle connection, and never sends into one that is being closed.
      keepaliveTimeout: Duration.seconds(50),
      connectionAttempts: 2,
      connectionTimeout: Duration.seconds(5),
    });
  }
}

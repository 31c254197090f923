import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, CfnHealthCheck, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { apiNameOf, consoleNameOf } from './names.ts';

/** Both names lead to the distribution, by IPv4 and IPv6; and somebody outside asks all the time whether the API can be reached. */
export class Records extends Construct {
  readonly healthCheck: CfnHealthCheck;

  constructor(scope: Construct, id: string, props: { zone: IHostedZone; domain: string; distribution: IDistribution }) {
    super(scope, id);
    const { zone, domain, distribution } = props;
    const target = RecordTarget.fromAlias(new CloudFrontTarget(distribution));
    for (const [name, recordName] of Object.entries({ Console: consoleNameOf(domain), Api: apiNameOf(domain) })) {
      new ARecord(this, `${name}4`, { zone, recordName: `${recordName}.`, target });
      new AaaaRecord(this, `${name}6`, { zone, recordName: `${recordName}.`, target });
    }
    this.healthCheck = new CfnHealthCheck(this, 'HealthCheck', {
      healthCheckConfig: {
        type: 'HTTPS',
        fullyQualifiedDomainName: apiNameOf(domain),
        port: 443,
        resourcePath: '/health',
        requestInterval: 30,
        failureThreshold: 2,
        enableSni: true,
      },
      healthCheckTags: [{ key: 'Name', value: apiNameOf(domain) }],
    });
  }
}

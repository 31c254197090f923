import { Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { OriginGroup, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import type { IngressStack } from '../ingress/stack.ts';
import type { LoggingStack } from '../logging/stack.ts';
import { prefixOf } from '../names.ts';
import { AlarmTopic } from '../observability/alarm-topic.ts';
import { Alarms } from '../observability/alarms.ts';
import { AccessLog } from './access-log.ts';
import { edgeAlarms } from './alarms.ts';
import { ConsoleFiles } from './console-files.ts';
import { ConsoleCopyStack, copyOrigin } from './copy.ts';
import { EdgeLogs } from './edge-logs.ts';
import { Entrance } from './entrance.ts';
import { Firewall } from './firewall.ts';
import { AnswerHeaders } from './headers.ts';
import { EdgeKey } from './key.ts';
import { apiNameOf, consoleNameOf } from './names.ts';
import { PrivateOrigin } from './private-origin.ts';
import { Records } from './records.ts';

/** CloudFront's firewall, certificates and metrics are in this region, wherever the rest is. */
export const edgeRegion = 'us-east-1';

/**
 * What the world sees. The console's bucket is here and not in Storage, because its policy names the distribution, and the alarms are
 * here and not in Observability, because an alarm cannot watch another region.
 */
export class EdgeStack extends Stack {
  readonly distribution: Distribution;
  readonly webAcl: CfnWebACL;
  readonly healthCheckId: string;

  constructor(scope: Construct, props: Place & { ingress: IngressStack; logging: LoggingStack }) {
    const { environment, deployment, ingress } = props;
    const { name } = environment;
    const { domain } = deployment;
    super(scope, 'Edge', {
      env: { account: deployment.account, region: edgeRegion },
      terminationProtection: name !== 'development',
    });
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: deployment.hostedZoneId,
      zoneName: domain,
    });
    const certificate = new Certificate(this, 'Certificate', {
      domainName: consoleNameOf(domain),
      subjectAlternativeNames: [apiNameOf(domain)],
      validation: CertificateValidation.fromDns(zone),
    });
    const { key } = new EdgeKey(this, 'EdgeKey', { environment: name });
    const firewall = new Firewall(this, 'Firewall', { environment, key });
    const logs = new EdgeLogs(this, 'Logs', { environment });
    const files = new ConsoleFiles(this, 'ConsoleFiles', { environment, logs: logs.bucket });
    const copy = environment.recovery.otherRegion ? new ConsoleCopyStack(scope, props) : null;
    const filesOrigin = S3BucketOrigin.withOriginAccessControl(files.bucket, { originId: 'console' });
    const { distribution } = new Entrance(this, 'Entrance', {
      environment: name,
      domain,
      certificate,
      firewall: firewall.acl,
      headers: new AnswerHeaders(this, 'Headers', { environment: name }),
      api: new PrivateOrigin(this, 'PrivateOrigin', {
        environment: name,
        balancer: ingress.balancer,
        name: apiNameOf(domain),
      }).origin,
      console: copy === null ? filesOrigin : failingOver(filesOrigin, copyOrigin(this, copy)),
    });
    new AccessLog(this, 'AccessLog', {
      environment: name,
      distributionId: distribution.distributionId,
      bucket: logs.bucket,
    });
    const { healthCheck } = new Records(this, 'Records', { zone, domain, distribution });
    const topic = new AlarmTopic(this, 'Topic', { key, email: deployment.alarmEmail });
    new Alarms(this, 'Alarms', {
      environment,
      specs: edgeAlarms({
        distributionId: distribution.distributionId,
        firewallMetric: prefixOf(name),
        healthCheckId: healthCheck.attrHealthCheckId,
        certificateArn: certificate.certificateArn,
      }),
      topics: { critical: topic.topic, warning: topic.topic },
    });
    this.distribution = distribution;
    this.webAcl = firewall.acl;
    this.healthCheckId = healthCheck.attrHealthCheckId;
  }
}

/** Files come from the copy while the region of the first bucket fails. The API has no such thing: a write to a stale region is unsafe. */
const failingOver = (
  primaryOrigin: ConstructorParameters<typeof OriginGroup>[0]['primaryOrigin'],
  fallbackOrigin: typeof primaryOrigin,
) => new OriginGroup({ primaryOrigin, fallbackOrigin, fallbackStatusCodes: [500, 502, 503, 504] });

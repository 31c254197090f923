import { CfnAnalyzer } from 'aws-cdk-lib/aws-accessanalyzer';
import { CfnDetector } from 'aws-cdk-lib/aws-guardduty';
import { CfnHub, CfnStandard } from 'aws-cdk-lib/aws-securityhub';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/** Standards that Security Hub judges the account by, all day. PCI DSS is here in its version 4; the packs of the synthesis know 3.2.1. */
const standards = ['standards/pci-dss/v/4.0.1', 'standards/aws-foundational-security-best-practices/v/1.0.0'];

/**
 * Who watches the account: GuardDuty what happens in it, Access Analyzer what outsiders can reach, Security Hub how it is configured.
 * Only where the account is its own; an organisation has these once for all its accounts, and a second detector is refused. What
 * records configurations stands in Logging, with the bucket that it writes to.
 */
export class Governance extends Construct {
  constructor(scope: Construct, id: string, { environment, region }: { environment: EnvironmentName; region: string }) {
    super(scope, id);
    new CfnDetector(this, 'Detector', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      features: [
        { name: 'S3_DATA_EVENTS', status: 'ENABLED' },
        { name: 'RDS_LOGIN_EVENTS', status: 'ENABLED' },
        {
          name: 'RUNTIME_MONITORING',
          status: 'ENABLED',
          additionalConfiguration: [{ name: 'ECS_FARGATE_AGENT_MANAGEMENT', status: 'ENABLED' }],
        },
      ],
    });
    new CfnAnalyzer(this, 'Analyzer', { type: 'ACCOUNT', analyzerName: prefixOf(environment) });
    const hub = new CfnHub(this, 'Hub', { enableDefaultStandards: false, autoEnableControls: true });
    for (const [index, standard] of standards.entries())
      new CfnStandard(this, `Standard${index}`, {
        standardsArn: `arn:aws:securityhub:${region}::${standard}`,
      }).addResourceDependency(hub);
  }
}

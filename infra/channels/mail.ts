import { PublicHostedZone, TxtRecord } from 'aws-cdk-lib/aws-route53';
import {
  CfnConfigurationSetEventDestination,
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  Identity,
  MailFromBehaviorOnMxFailure,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

type MailProps = {
  environment: EnvironmentName;
  domain: string;
  hostedZoneId: string;
  reportsTo: string;
  receipts: ITopic;
};

/** What SES tells of a letter. Opening and clicking are not among them: nobody is watched while reading. */
export const mailEvents = ['SEND', 'DELIVERY', 'BOUNCE', 'COMPLAINT', 'DELIVERY_DELAY', 'REJECT', 'RENDERING_FAILURE'];

/** E-mail from our domain, signed, returned to a name of its own, by TLS only; each letter's fate goes to the receipts. */
export class Mail extends Construct {
  readonly identity: EmailIdentity;
  readonly configurationSet: ConfigurationSet;

  constructor(scope: Construct, id: string, props: MailProps) {
    super(scope, id);
    const { environment, domain, hostedZoneId, reportsTo, receipts } = props;
    const zone = PublicHostedZone.fromPublicHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName: domain });
    this.configurationSet = new ConfigurationSet(this, 'Letters', {
      configurationSetName: `${prefixOf(environment)}-letters`,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      sendingEnabled: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    const events = new CfnConfigurationSetEventDestination(this, 'Receipts', {
      configurationSetName: this.configurationSet.configurationSetName,
      eventDestination: {
        name: 'receipts',
        enabled: true,
        matchingEventTypes: mailEvents,
        snsDestination: { topicArn: receipts.topicArn },
      },
    });
    // SES tries the topic when the destination is made, so the topic's policy must be there.
    events.node.addDependency(receipts);
    this.identity = new EmailIdentity(this, 'Identity', {
      identity: Identity.publicHostedZone(zone),
      configurationSet: this.configurationSet,
      dkimSigning: true,
      feedbackForwarding: false,
      mailFromDomain: `bounce.${domain}`,
      mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.REJECT_MESSAGE,
    });
    new TxtRecord(this, 'Dmarc', {
      zone,
      recordName: `_dmarc.${domain}.`,
      values: [`v=DMARC1; p=reject; adkim=s; rua=mailto:${reportsTo}`],
    });
  }
}

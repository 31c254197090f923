import { CfnConfigurationSet, CfnOptOutList, CfnProtectConfiguration, CfnSenderId } from 'aws-cdk-lib/aws-smsvoice';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/** Where people get SMS from us. Everywhere else it is blocked: most of SMS fraud pays for messages to far countries. */
export const smsCountries: readonly string[] = ['DE', 'AT', 'GB'];

/** Who an SMS is from, as phones show it: at most eleven capital letters. */
export const smsSender = 'QUITTANCE';

/** SMS by AWS End User Messaging, of which SNS and Pinpoint are older names. */
export class Sms extends Construct {
  readonly configurationSet: CfnConfigurationSet;
  readonly optOutList: CfnOptOutList;

  constructor(scope: Construct, id: string, props: { environment: EnvironmentName; receipts: ITopic }) {
    super(scope, id);
    const { environment, receipts } = props;
    const name = `${prefixOf(environment)}-letters`;
    const isKept = environment !== 'development';
    const protect = new CfnProtectConfiguration(this, 'Countries', {
      deletionProtectionEnabled: isKept,
      countryRuleSet: { sms: smsCountries.map((countryCode) => ({ countryCode, protectStatus: 'ALLOW' })) },
    });
    for (const isoCountryCode of smsCountries)
      new CfnSenderId(this, `Sender${isoCountryCode}`, {
        senderId: smsSender,
        isoCountryCode,
        deletionProtectionEnabled: isKept,
      });
    this.optOutList = new CfnOptOutList(this, 'OptOuts', { optOutListName: name });
    this.configurationSet = new CfnConfigurationSet(this, 'Letters', {
      configurationSetName: name,
      defaultSenderId: smsSender,
      protectConfigurationId: protect.attrProtectConfigurationId,
      eventDestinations: [
        {
          eventDestinationName: 'receipts',
          enabled: true,
          matchingEventTypes: ['TEXT_ALL'],
          snsDestination: { topicArn: receipts.topicArn },
        },
      ],
    });
    this.configurationSet.node.addDependency(receipts);
  }
}

import { type Alarm, AlarmRule, AlarmState, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { alarmNameOf } from './names.ts';

/**
 * Wakes somebody once, whichever and however many of the critical alarms are raised: one cause usually raises several. Each of them is
 * told by mail besides.
 */
export class Page extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { environment: EnvironmentName; alarms: readonly Alarm[]; topic: ITopic },
  ) {
    super(scope, id);
    const { environment, alarms, topic } = props;
    const page = new CompositeAlarm(this, 'Alarm', {
      compositeAlarmName: alarmNameOf(environment, 'page'),
      alarmDescription: 'A critical alarm is raised: see which, in docs/alarms.md and docs/aws/requirements.md.',
      alarmRule: AlarmRule.anyOf(...alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    });
    const action = new SnsAction(topic);
    page.addAlarmAction(action);
    page.addOkAction(action);
  }
}

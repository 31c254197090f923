import { Stack } from 'aws-cdk-lib';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { firewallRules } from '../edge/firewall-rules.ts';
import type { Place } from '../environment/place.ts';
import { prefixOf } from '../names.ts';
import type { SecurityStack } from '../security/stack.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { apiAlarms } from './api-alarms.ts';
import { Budget } from './budget.ts';
import { channelAlarms } from './channel-alarms.ts';
import { applicationGraphs } from './dashboards/application.ts';
import { Board } from './dashboards/board.ts';
import { costGraphs } from './dashboards/cost.ts';
import { databaseGraphs } from './dashboards/database.ts';
import { securityGraphs } from './dashboards/security.ts';
import { databaseAlarms } from './database-alarms.ts';
import { EventRules } from './event-rules.ts';
import { Page } from './page.ts';
import { platformAlarms } from './platform-alarms.ts';
import { programAlarms } from './program-alarms.ts';
import { taskAlarms } from './task-alarms.ts';
import { watch } from './watch.ts';
import type { WatchedStacks } from './watched-stacks.ts';

/** Who is told what: alarms, what happens once, money, and four pictures. */
export class ObservabilityStack extends Stack {
  readonly topics: Readonly<Record<'critical' | 'warning', Topic>>;

  constructor(scope: Construct, props: Place & { security: SecurityStack } & WatchedStacks) {
    const { environment, deployment, security } = props;
    const { name } = environment;
    super(scope, 'Observability', { terminationProtection: name !== 'development' });
    const watched = watch(props);
    const topicOf = (severity: 'critical' | 'warning'): Topic =>
      new AlarmTopic(this, severity === 'critical' ? 'Critical' : 'Warning', {
        key: security.keys.logs,
        email: deployment.alarmEmail,
        name: `${prefixOf(name)}-${severity}`,
      }).topic;
    this.topics = { critical: topicOf('critical'), warning: topicOf('warning') };

    const { bySeverity } = new Alarms(this, 'Alarms', {
      environment,
      specs: [
        ...apiAlarms(watched),
        ...taskAlarms(watched),
        ...databaseAlarms(watched),
        ...channelAlarms(watched),
        ...programAlarms(name),
        ...platformAlarms(name),
      ],
      // Each is told by mail; the critical ones wake somebody besides, together and once.
      topics: { critical: this.topics.warning, warning: this.topics.warning },
    });
    new Page(this, 'Page', { environment: name, alarms: bySeverity.critical, topic: this.topics.critical });
    new EventRules(this, 'Events', { topics: this.topics });
    new Budget(this, 'Budget', {
      environment,
      topicArn: this.topics.warning.topicArn,
      email: deployment.alarmEmail,
    });

    const rules = firewallRules(environment).map((rule) => rule.name);
    const boards = {
      application: {
        about: 'What clients get, what the programs do, and what waits.',
        graphs: applicationGraphs(name, watched),
      },
      database: { about: 'Postgres and the cache.', graphs: databaseGraphs(watched) },
      cost: { about: 'What the month has cost so far, and what is used.', graphs: costGraphs(watched) },
      security: {
        about: 'What the firewall refused, and who was not let in.',
        graphs: securityGraphs(name, watched, rules),
      },
    };
    for (const [board, { about, graphs }] of Object.entries(boards))
      new Board(this, `${board}-board`, { environment: name, name: board, about, graphs });
  }
}

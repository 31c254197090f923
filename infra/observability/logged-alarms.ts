import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { loggedMetrics, namespaceOf } from './names.ts';

/**
 * Counts what a program writes: each alarm by its name, and each answer 401. Lines and not the programs' own metrics, because an alarm
 * is also raised by a process that ends (`uncaught_error`, `access_log_lost`), which nobody collects from again; and a line needs no
 * collector that works.
 */
export class LoggedAlarms extends Construct {
  constructor(scope: Construct, id: string, props: { environment: EnvironmentName; logGroup: ILogGroup }) {
    super(scope, id);
    const { environment, logGroup } = props;
    const shared = { logGroup, metricNamespace: namespaceOf(environment), metricValue: '1' };
    new MetricFilter(this, 'Alarms', {
      ...shared,
      filterPattern: FilterPattern.exists('$.alarm'),
      metricName: loggedMetrics.alarms,
      dimensions: { alarm: '$.alarm' },
    });
    new MetricFilter(this, 'RefusedSignIns', {
      ...shared,
      filterPattern: FilterPattern.all(
        FilterPattern.exists('$.route'),
        FilterPattern.numberValue('$.status', '=', 401),
      ),
      metricName: loggedMetrics.refusedSignIns,
      defaultValue: 0,
    });
  }
}

import { type AlarmRow, alarmsMetric, alarmTable } from '../../telemetry/alarms/table.ts';
import { madeFrom, table } from './table.ts';

/** docs/alarms.md: every alarm, why it is raised, what to do, and the metric beside it. */
export function alarmsDocument(): string {
  const rows = Object.entries<AlarmRow>(alarmTable).map(([name, { sentence, cause, remedy, metric, isLevel }]) => [
    `\`${name}\``,
    `${sentence}${isLevel ? ' (each minute, until it ends)' : ''}`,
    cause,
    remedy,
    `\`${metric}\``,
  ]);
  return [
    madeFrom('`telemetry/alarms/table.ts`'),
    '# Alarms\n',
    'Something that a person must look at. Each is a line of level `error` in the log of the program that found it, with its name in',
    '`alarm`, a message that begins with `ALARM: `, and the facts beside it; and a count in',
    `\`${alarmsMetric}{what="…"}\` of the same program. Rules for Prometheus are in \`telemetry/alarms/rules.yml\`.\n`,
    table(['alarm', 'message', 'cause', 'what to do', 'metric beside the count'], rows),
  ].join('\n');
}

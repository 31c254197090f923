import { type AlarmName, type AlarmRow, alarmTable } from '../../telemetry/alarms/table.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { type AlarmSpec, figure } from './alarm-spec.ts';
import { loggedMetrics, namespaceOf } from './names.ts';

/**
 * How soon somebody has to look at each alarm of the platform (docs/alarms.md has what each means). The compiler refuses this table when
 * an alarm is missing in it, and a test compares the alarms on AWS with the platform's table.
 */
const severities = {
  uncaught_error: 'critical',
  request_broke_a_check: 'critical',
  answer_of_another_request: 'critical',
  step_broke_a_check: 'critical',
  step_keeps_failing: 'critical',
  workflow_task_fails: 'critical',
  schedule_paused: 'warning',
  search_attributes_missing: 'warning',
  no_worker_for_rail: 'critical',
  reserve_refused: 'critical',
  rail_unknown: 'critical',
  release_refused: 'critical',
  submit_refused: 'critical',
  member_missing: 'critical',
  transfer_needs_attention: 'warning',
  attention_waits: 'warning',
  banks_down: 'warning',
  transfers_overdue: 'critical',
  dispatcher_takes_none: 'critical',
  sweep_cannot_repair: 'warning',
  workers_missing: 'critical',
  sweep_late: 'critical',
  hold_expiry_late: 'warning',
  holds_overdue: 'warning',
  dispatcher_late: 'critical',
  probe_late: 'critical',
  clocks_differ: 'critical',
  database_read_only: 'critical',
  standby_unusable: 'warning',
  database_away: 'critical',
  temporal_away: 'critical',
  statement_needs_attention: 'warning',
  statements_late: 'warning',
  statement_runs_late: 'warning',
  statement_zone_unknown: 'warning',
  storage_missing: 'critical',
  storage_away: 'critical',
  archive_late: 'critical',
  archive_behind: 'critical',
  archive_other_history: 'critical',
  archive_horizon_behind: 'critical',
  archive_tools_missing: 'critical',
  archived_records_kept: 'warning',
  archive_copy_late: 'warning',
  archive_publication_late: 'warning',
  payload_keys_unavailable: 'critical',
  payload_unreadable: 'critical',
  version_not_routed: 'critical',
  version_drains_long: 'warning',
  access_log_late: 'critical',
  access_log_lost: 'warning',
  partitions_missing: 'warning',
  feed_behind: 'warning',
} as const satisfies Record<AlarmName, AlarmSpec['severity']>;

/** The id of the alarm on AWS for one of the platform. */
export const platformAlarmId = (name: string): string => `platform-${name.replaceAll('_', '-')}`;

/** What CloudWatch takes as the text of an alarm. */
const textMax = 1_000;

/**
 * One alarm on AWS for each of the platform, from the lines that the programs write. It stays for five minutes after the last one: what
 * lasts is written each minute.
 */
export const platformAlarms = (environment: EnvironmentName): AlarmSpec[] =>
  Object.entries(alarmTable).map(([name, row]: [string, AlarmRow]) => ({
    id: platformAlarmId(name),
    severity: severityOf(name),
    says: `${row.sentence}. ${row.remedy}`.slice(0, textMax),
    measured: figure(namespaceOf(environment), loggedMetrics.alarms, { alarm: name }, 'Sum'),
    is: '>',
    threshold: 0,
    periodSeconds: 60,
    periods: 5,
    beyond: 1,
    whenMissing: 'fine',
  }));

const severityOf = (name: string): AlarmSpec['severity'] =>
  new Map<string, AlarmSpec['severity']>(Object.entries(severities)).get(name) ?? 'critical';

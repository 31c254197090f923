import { slotMetric } from './names.ts';

/**
 * One metric of the programs that CloudWatch keeps: the collector beside each program reads all of `/metrics` and passes these on, by
 * these labels, each combination of which is a metric that costs money. No labels: one figure for all tasks.
 */
export type Collected = { metric: string; labels: readonly string[] };

/** What alarms and dashboards need and no log line says. Platform alarms are not here: they come from log lines (logged-alarms.ts). */
export const collected: readonly Collected[] = [
  { metric: 'quittance_run_age_seconds', labels: ['work'] },
  { metric: 'quittance_worker_seen_age_seconds', labels: ['queue'] },
  { metric: slotMetric, labels: ['queue'] },
  { metric: 'quittance_rail_breaker_open', labels: ['rail'] },
  { metric: 'quittance_rail_breaker_open', labels: [] },
  { metric: 'quittance_rail_paused', labels: [] },
  { metric: 'quittance_transfers_open', labels: ['state'] },
  { metric: 'quittance_transfers_oldest_overdue_seconds', labels: [] },
  { metric: 'quittance_notices_oldest_due_seconds', labels: [] },
  { metric: 'quittance_statements_waiting', labels: [] },
  { metric: 'quittance_archive_oldest_seconds', labels: [] },
  { metric: 'quittance_intake_waiting', labels: [] },
  { metric: 'quittance_intake_outcomes_total', labels: ['outcome'] },
  { metric: 'quittance_sends_total', labels: [] },
  { metric: 'quittance_http_in_flight', labels: [] },
  { metric: 'quittance_database_errors_total', labels: [] },
  { metric: 'quittance_redis_errors_total', labels: [] },
  { metric: 'quittance_temporal_up', labels: [] },
  { metric: 'temporal_workflow_failed_total', labels: [] },
];

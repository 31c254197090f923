/** What CloudWatch keeps of Temporal's servers: whether they answer, whether their database does, and whether tasks wait for workers. */
export const serverMetrics: readonly { metric: string; labels: readonly string[] }[] = [
  { metric: 'service_errors_with_type', labels: ['service_name'] },
  { metric: 'persistence_error_with_type', labels: ['service_name'] },
  { metric: 'approximate_backlog_count', labels: ['taskqueue', 'task_type'] },
  { metric: 'approximate_backlog_age_seconds', labels: ['taskqueue', 'task_type'] },
  { metric: 'membership_changed_count', labels: ['service_name'] },
];

/** The alarms of the access log, which are rows of the table of all alarms. */
export const accessLogAlarms = {
  access_log_late: {
    sentence: 'who reads what, and who is not let in, cannot be written',
    cause:
      'For a minute the database has not taken `rows` rows of `what`: it does not answer, takes no writes, or refuses them (`err`). Nothing is lost: the process counts on, and sends the same rows again.',
    remedy:
      'Is `database_away` or `database_read_only` raised too? Follow that. Else read `err`: a refusal by the database is a bug; report it with the line. Stop no process of the API before it is over, or its counts are lost.',
    metric: 'quittance_access_log_late_seconds',
    isLevel: true,
  },
  access_log_lost: {
    sentence: 'who read what, or who was not let in, is lost',
    cause:
      '`reason` is `the_process_ended`: the database took no rows of `what` while a process of the API stopped; at least `rows` rows are missing in the archive. Or it is `too_many`: the database takes none for long, and more callers read than are counted.',
    remedy:
      'Note the time: for it the archive says less than was read. The log of the API has a line for each request with its key, its route and its address.',
    metric: 'quittance_access_log_lost_total',
    isLevel: true,
  },
} as const;

/** The alarms of the versions of workers, which are rows of the table of all alarms. */
export const versionAlarms = {
  version_not_routed: {
    sentence: 'workers of a queue get no work: it goes to a version that has none',
    cause:
      'Temporal gives the work of `queue` to the builds in `routed` (empty text: workers without a version), and one of them has no worker; those in `present` are there. A deploy stopped before `make-current`, the workers of the current version were stopped too early, or Temporal lost its data while two versions ran.',
    remedy:
      '`npm run operator -- workers list` shows what is there. Make a version that is there current (`workers make-current <build>`, `workers rollback`), or start the missing workers: docs/runbooks/release-workers.md. Until then new transfers are answered `not_attempted` or `outcome_unknown`; open ones are rows and go on by themselves.',
    metric: 'quittance_worker_version_seen_age_seconds',
    isLevel: true,
  },
  version_drains_long: {
    sentence: 'an old version of the workers is still needed',
    cause:
      'Groups that began on `build` have not ended although it got its last one long ago (`forMs`): its workers are gone, or its code cannot end them.',
    remedy:
      'Keep its workers. Follow docs/runbooks/release-workers.md, "A version does not drain": a group may be terminated, its transfers are rows that the sweep finds.',
    metric: 'quittance_alarms_total{what="version_drains_long"}',
    isLevel: true,
  },
} as const;

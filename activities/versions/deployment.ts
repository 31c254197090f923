import type { Client } from '@temporalio/client';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';

/** What Temporal does with a version: gives it nothing yet, a share, all, nothing new any longer, nothing at all. */
export type VersionState = 'inactive' | 'ramping' | 'current' | 'draining' | 'drained';

/** A version of the workers, as Temporal knows it. Times are null for what never was. */
export type VersionRow = {
  build: string;
  state: VersionState;
  /** Since when it has this state. */
  since: Date | null;
  /** When it last became the current one. */
  currentAt: Date | null;
  /** When it last got no new run any longer; null while it gets some. */
  leftAt: Date | null;
  /** Of new runs and of those that go with the current version: per cent. 0 except of one that ramps up. */
  percent: number;
};

/** The versions with one name. `token` changes with every change of what gets work. */
export type DeploymentRow = { versions: VersionRow[]; token: Uint8Array };

/** By the numbers of Temporal's protocol. */
const states: readonly (VersionState | undefined)[] = [
  undefined,
  'inactive',
  'current',
  'ramping',
  'draining',
  'drained',
];

/** gRPC's code for what there is not. */
const notFound = 5;

/** Asks Temporal for the versions of a deployment; null when none of its workers ever asked for work. Throws when Temporal does not answer. */
export async function readDeployment(client: Client, deploymentName: string): Promise<DeploymentRow | null> {
  const { connection, options } = client;
  const answer = await connection.workflowService
    .describeWorkerDeployment({ namespace: options.namespace, deploymentName })
    .catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
  if (!answer) return null;
  const percent = answer.workerDeploymentInfo?.routingConfig?.rampingVersionPercentage ?? 0;
  const summaries = answer.workerDeploymentInfo?.versionSummaries ?? [];
  const versions = summaries.map((summary): VersionRow => {
    const state = states[summary.status ?? 0] ?? 'inactive';
    const [currentSince, rampingSince, leftAt, drainageChangedAt, createdAt, currentAt] = [
      summary.currentSinceTime,
      summary.rampingSinceTime,
      summary.lastDeactivationTime,
      summary.drainageInfo?.lastChangedTime,
      summary.createTime,
      summary.lastCurrentTime,
    ].map((time) => optionalTsToDate(time) ?? null);
    const since = {
      inactive: createdAt,
      current: currentSince,
      ramping: rampingSince,
      draining: leftAt,
      drained: drainageChangedAt,
    };
    return {
      build: summary.deploymentVersion?.buildId ?? '',
      state,
      since: since[state] ?? null,
      currentAt: currentAt ?? null,
      leftAt: state === 'draining' || state === 'drained' ? (leftAt ?? null) : null,
      percent: state === 'ramping' ? percent : 0,
    };
  });
  return { versions, token: answer.conflictToken ?? new Uint8Array() };
}

const isNotFound = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === notFound;

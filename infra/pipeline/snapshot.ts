import { z } from 'zod';
import { prefixOf } from '../names.ts';
import { type Aws, AwsError, createAws } from './aws.ts';
import { digestOption, environmentOption, environments, everyOption, withinOption } from './options.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';
import { waitFor } from './wait.ts';

/** A server of its own, or a cluster: RDS has calls for each, and they say the same. */
type Calls = { create: string; describe: string; of: string; member: string; list: string; exists: string };
const calls: Record<'rds' | 'aurora', Calls> = {
  rds: {
    create: 'create-db-snapshot',
    describe: 'describe-db-snapshots',
    of: 'DBInstanceIdentifier',
    member: 'DBSnapshotIdentifier',
    list: 'DBSnapshots',
    exists: 'DBSnapshotAlreadyExists',
  },
  aurora: {
    create: 'create-db-cluster-snapshot',
    describe: 'describe-db-cluster-snapshots',
    of: 'DBClusterIdentifier',
    member: 'DBClusterSnapshotIdentifier',
    list: 'DBClusterSnapshots',
    exists: 'DBClusterSnapshotAlreadyExistsFault',
  },
};

await runStep({
  does: 'Makes the snapshot of the ledger that a release with migrations can be undone to, and waits until it can be used.',
  options: {
    environment: environmentOption,
    release: { form: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/), means: 'the name of the release, such as v0.2.0' },
    digest: digestOption,
    'every-ms': everyOption,
    'within-minutes': withinOption(60),
  },
  run: async ({ environment, release, digest, ...wait }) => {
    const aws = createAws();
    const call = calls[environments[environment].database.engine];
    // Letters, digits and single hyphens. With the digest, because a release may be built again under its name.
    const name = `${prefixOf(environment)}-${release.replaceAll('.', '-')}-${digest.slice(7, 19)}`;
    await create(aws, call, { name, database: prefixOf(environment), release });
    await waitFor(async () => isAvailable(await aws('rds', call.describe, { [call.member]: name }), call, name), {
      everyMs: wait['every-ms'],
      withinMinutes: wait['within-minutes'],
      what: `the snapshot ${name} is not there. No migration was run. Look at it in RDS, then run the release again.`,
    });
    return { snapshot: name };
  },
});

/** Makes it. One of that name is of an earlier try of this release, before its migrations: it is as good. */
async function create(
  aws: Aws,
  call: Calls,
  { name, database, release }: { name: string; database: string; release: string },
): Promise<void> {
  try {
    await aws('rds', call.create, {
      [call.member]: name,
      [call.of]: database,
      Tags: [{ Key: 'quittance:release', Value: release }],
    });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== call.exists) throw error;
    process.stdout.write(`${name} is there already, from an earlier try of this release.\n`);
  }
}

function isAvailable(answer: unknown, { list }: Calls, name: string): true | null {
  const snapshots = z
    .array(z.object({ Status: z.string() }))
    .parse(z.record(z.string(), z.unknown()).parse(answer)[list]);
  const status = snapshots[0]?.Status ?? 'absent';
  if (status === 'available') return true;
  if (['creating', 'pending', 'backing-up', 'copying'].includes(status)) return null;
  throw new StepError(
    `The snapshot ${name} is ${status}. No migration was run. Delete it in RDS if it is there, then run the release again.`,
  );
}

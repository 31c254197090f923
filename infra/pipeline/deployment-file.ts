import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { deploymentSchema } from '../environment/deployment.ts';
import { createAws } from './aws.ts';
import { buildOf, digestForm, environmentOption } from './options.ts';
import { readParameter, writeParameter } from './parameters.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';
import { giveAll, join, readVersions, type WorkerVersions } from './worker-versions.ts';

const changes: Record<
  'as-they-are' | 'join' | 'make-current',
  (versions: WorkerVersions | [], imageDigest: string) => WorkerVersions | []
> = {
  'as-they-are': (versions) => versions,
  join,
  'make-current': giveAll,
};

await runStep({
  does: 'Writes the file that `cdk deploy --context deployment=<file>` reads: what GitHub knows of the account (variable DEPLOYMENT), the image, and the live versions of the workers, which it changes where it is told to.',
  options: {
    environment: environmentOption,
    digest: { form: digestForm.optional(), means: 'the image; without it that of the current workers' },
    workers: {
      form: z.enum(['as-they-are', 'join', 'make-current']).default('as-they-are'),
      means: 'join: the image is a version beside the current one; make-current: it is the current one',
    },
    out: { form: z.string().min(1), means: 'the file' },
  },
  run: async ({ environment, digest, workers, out }) => {
    const aws = createAws();
    const text = await readParameter(aws, environment, 'workers/versions');
    const before = readVersions(text);
    const current = before.find(({ state }) => state === 'current')?.imageDigest;
    const imageDigest = digest ?? current;
    if (imageDigest === undefined)
      throw new StepError(`${environment} has no release yet, so the image must be given with --digest.`);
    const after = changes[workers](before, imageDigest);
    if (JSON.stringify(after) !== JSON.stringify(before))
      await writeParameter(aws, environment, { name: 'workers/versions', value: JSON.stringify(after) });
    const alone: WorkerVersions = [{ build: buildOf(imageDigest), imageDigest, state: 'current' }];
    const { temporalVersion, ...known } = account();
    const deployment = { ...known, imageDigest, workerVersions: after.length === 0 ? alone : after };
    const read = deploymentSchema.safeParse(deployment);
    if (!read.success)
      throw new StepError(`The variable DEPLOYMENT of ${environment} is not complete:\n${z.prettifyError(read.error)}`);
    writeFileSync(out, JSON.stringify(read.data, null, 2));
    return {
      domain: read.data.domain,
      'temporal-version': z.string().default('').parse(temporalVersion),
      'temporal-tools': read.data.images.temporalTools,
      // What served until now: a release that fails goes back to it.
      previous: current === imageDigest ? '' : (current ?? ''),
      // Whether there is no other version that work could go back to, so that nothing has to be ramped.
      alone: String(read.data.workerVersions.length === 1),
    };
  },
});

/** What belongs to the account, and the version of Temporal's servers there: a variable at GitHub, with no secret in it. */
function account(): Record<string, unknown> {
  const text = process.env['DEPLOYMENT'] ?? '';
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw new StepError(
      'DEPLOYMENT is no JSON object. It is the variable of this environment at GitHub: docs/aws/pipelines.md says what is in it.',
    );
  }
}

import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { deploymentSchema } from '../environment/deployment.ts';
import { createAws } from './aws.ts';
import { digestForm, environmentOption } from './options.ts';
import { readParameter, writeParameter } from './parameters.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';
import { join, makeCurrent, readVersions } from './worker-versions.ts';

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
    const imageDigest = digest ?? before.find(({ state }) => state === 'current')?.imageDigest;
    if (imageDigest === undefined)
      throw new StepError(`${environment} has no release yet, so the image must be given with --digest.`);
    const changed = {
      'as-they-are': before,
      join: join(before, imageDigest),
      'make-current': makeCurrent(before, imageDigest),
    };
    const after = workers === 'as-they-are' ? before : changed[workers];
    if (JSON.stringify(after) !== JSON.stringify(before))
      await writeParameter(aws, environment, { name: 'workers/versions', value: JSON.stringify(after) });
    const first = { build: imageDigest.slice(7, 19), imageDigest, state: 'current' };
    const deployment = { ...account(), imageDigest, workerVersions: after.length === 0 ? [first] : after };
    const read = deploymentSchema.safeParse(deployment);
    if (!read.success)
      throw new StepError(`The variable DEPLOYMENT of ${environment} is not complete:\n${z.prettifyError(read.error)}`);
    writeFileSync(out, JSON.stringify(read.data, null, 2));
    return { file: out, domain: read.data.domain, tools: read.data.images.temporalTools };
  },
});

/** What belongs to the account: a variable of the GitHub environment, with no secret in it. */
function account(): Record<string, unknown> {
  const text = process.env['DEPLOYMENT'] ?? '';
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw new StepError(
      'The variable DEPLOYMENT is no JSON object. Set it for this environment at GitHub (docs/aws/pipelines.md).',
    );
  }
}

import { z } from 'zod';
import { type Aws, AwsError, createAws } from './aws.ts';
import { digestOption, environmentOption, everyOption, repositoryForm, withinOption } from './options.ts';
import { readParameter } from './parameters.ts';
import { inRegistry } from './registry.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';
import { waitFor } from './wait.ts';

/** What keeps an image out when there is a version without it. */
const refused = ['CRITICAL', 'HIGH'];

const imagesSchema = z.object({ images: z.array(z.object({ imageManifest: z.string() })).default([]) });
const manifestSchema = z.object({
  manifests: z
    .array(
      z.object({ digest: z.string(), platform: z.object({ architecture: z.string(), os: z.string() }).optional() }),
    )
    .optional(),
});
const scanSchema = z.object({
  imageScanStatus: z.object({ status: z.string(), description: z.string().optional() }),
  imageScanFindings: z.object({ findingSeverityCounts: z.record(z.string(), z.number()).default({}) }).optional(),
});

await runStep({
  does: 'Fails when the scan of an image found a critical or high weakness, or is not through. With --migrated-in also when that environment never ran its migrations.',
  options: {
    repository: { form: repositoryForm, means: '<registry>/<repository> that has the image' },
    digest: digestOption,
    'migrated-in': {
      form: environmentOption.form.optional(),
      means: 'the environment that must have run its migrations before: a roll back goes to nothing new',
    },
    'every-ms': everyOption,
    'within-minutes': withinOption(15),
  },
  run: async ({ repository, digest, ...options }) => {
    const aws = createAws();
    const environment = options['migrated-in'];
    if (environment !== undefined) {
      const migrated = await readParameter(aws, environment, 'migrated');
      if (!(migrated ?? '').split(',').includes(digest))
        throw new StepError(`${environment} never ran the migrations of ${digest}: it is no release to go back to.`);
    }
    const place = inRegistry(repository);
    const scanned = await imageOf(aws, place, digest);
    const found = await waitFor(() => findings(aws, place, scanned), {
      everyMs: options['every-ms'],
      withinMinutes: options['within-minutes'],
      what: `the scan of ${digest} is not through. Nothing was deployed; run the release again later.`,
    });
    const bad = refused.filter((severity) => (found[severity] ?? 0) > 0);
    if (bad.length > 0)
      throw new StepError(
        `The scan of ${digest} found ${bad.map((severity) => `${found[severity]} ${severity.toLowerCase()}`).join(', ')}. Nothing was deployed. Update what it names, and build a release again.`,
      );
    return {};
  },
});

type Place = ReturnType<typeof inRegistry>;

/** ECR scans images and no lists of them: the digest of a list stands for that of its one image for our tasks. */
async function imageOf(aws: Aws, place: Place, digest: string): Promise<string> {
  const { images } = imagesSchema.parse(
    await aws('ecr', 'batch-get-image', { ...place, imageIds: [{ imageDigest: digest }] }),
  );
  const manifest = images[0]?.imageManifest;
  if (manifest === undefined)
    throw new StepError(
      `${place.repositoryName} has no image ${digest}. Nothing was deployed. Is it built, and copied there?`,
    );
  const { manifests } = manifestSchema.parse(JSON.parse(manifest));
  if (manifests === undefined) return digest;
  const ours = manifests.filter(({ platform }) => platform?.os === 'linux' && platform.architecture === 'arm64');
  if (ours.length !== 1) throw new StepError(`${digest} has ${ours.length} images for linux/arm64; it must have one.`);
  return ours[0]?.digest ?? digest;
}

/** The number of findings by severity, or null while the scan goes on. */
async function findings(aws: Aws, place: Place, imageDigest: string): Promise<Record<string, number> | null> {
  try {
    const answer = scanSchema.parse(
      await aws('ecr', 'describe-image-scan-findings', { ...place, imageId: { imageDigest }, maxResults: 1 }),
    );
    const { status, description } = answer.imageScanStatus;
    if (status === 'COMPLETE' || status === 'ACTIVE') return answer.imageScanFindings?.findingSeverityCounts ?? {};
    if (status === 'PENDING' || status === 'IN_PROGRESS') return null;
    throw new StepError(
      `The scan of ${imageDigest} ended as ${status}: ${description ?? 'no reason given'}. Nothing was deployed.`,
    );
  } catch (error) {
    // The scan begins some seconds after the push.
    if (error instanceof AwsError && error.code === 'ScanNotFoundException') return null;
    throw error;
  }
}

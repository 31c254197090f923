import { z } from 'zod';
import { AwsError, createAws } from './aws.ts';
import { repositoryForm } from './options.ts';
import { inRegistry } from './registry.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';

const imagesSchema = z.object({ imageDetails: z.array(z.object({ imageDigest: z.string() })) });

await runStep({
  does: 'Finds the image that was built of a tree of files, by its tag: the same files are built once, whichever commit has them.',
  options: {
    repository: { form: repositoryForm, means: '<registry>/<repository>' },
    tree: {
      form: z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 hex digits'),
      means: 'what `git rev-parse HEAD^{tree}` prints',
    },
    'or-none': {
      form: z.enum(['true', 'false']).default('false'),
      means: 'true: an image that is not there is no error',
    },
  },
  run: async ({ repository, tree, 'or-none': orNone }) => {
    const tag = `tree-${tree}`;
    try {
      const answer = await createAws()('ecr', 'describe-images', {
        ...inRegistry(repository),
        imageIds: [{ imageTag: tag }],
      });
      return { tag, digest: imagesSchema.parse(answer).imageDetails[0]?.imageDigest ?? '' };
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ImageNotFoundException') throw error;
      if (orNone === 'true') return { tag, digest: '' };
      throw new StepError(
        `${repository} has no image of these files (${tag}). An image is built once, from develop, and released to one environment after the other: merge what is there, unchanged.`,
      );
    }
  },
});

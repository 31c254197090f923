// Runs in Lambda before ECS starts a task of a new release. It lets in only an image that is signed, and whose migrations were run: the
// pipeline writes the digest into a parameter when the task of migrations has ended well. So a step that was left out reaches no client.
import { DescribeImageSigningStatusCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { problemsOf } from './admit.mjs';

export async function handler() {
  const { IMAGE_DIGEST: digest, REPOSITORY, MIGRATED_PARAMETER } = process.env;
  const [migrated, statuses] = await Promise.all([
    new SSMClient({}).send(new GetParameterCommand({ Name: MIGRATED_PARAMETER })),
    new ECRClient({}).send(
      new DescribeImageSigningStatusCommand({ repositoryName: REPOSITORY, imageId: { imageDigest: digest } }),
    ),
  ]);
  const problems = problemsOf({ digest, migrated: migrated.Parameter.Value, signing: statuses.signingStatuses ?? [] });
  if (problems.length === 0) return { hookStatus: 'SUCCEEDED' };
  console.error(JSON.stringify({ message: 'the release is not let in', digest, problems }));
  return { hookStatus: 'FAILED' };
}

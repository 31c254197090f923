import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { createApp } from '../create-app.ts';

/**
 * `node infra/policies/bad-app.ts <folder>`: apps that are wrong on purpose, one for each thing that reads templates. A pack with nothing
 * to say is absent from the report, and a Guard rule that cannot be parsed silences all of its kind without an error: only a finding proves
 * that they ran. Prints what each synthesis answers, as JSON; policies/negative.test.ts reads it.
 */
const apps: Record<string, (stack: Stack) => void> = {
  /** All three packs: a bucket without anything. */
  packs: (stack) => new CfnBucket(stack, 'Bucket'),
  /** CDK's own rules on CloudFormation: a policy without a statement. */
  cloudformation: (stack) =>
    new CfnKey(stack, 'Key', { enableKeyRotation: true, keyPolicy: {} }).applyRemovalPolicy(RemovalPolicy.RETAIN),
  /** A key that is deleted with its stack. */
  'what-outlives-its-stack': (stack) =>
    new CfnKey(stack, 'Key', { enableKeyRotation: true, keyPolicy: { Statement: [] } }).applyRemovalPolicy(
      RemovalPolicy.DESTROY,
    ),
  /** A registry whose tags move. */
  'pci-dss-4-0-1': (stack) => new CfnRepository(stack, 'Repository', { imageTagMutability: 'MUTABLE' }),
};

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say the folder of the assemblies.');
const answers = Object.entries(apps).map(([name, fill]) => {
  const app = createApp({ folder: `${folder}/${name}` });
  fill(new Stack(app, 'Bad'));
  return { name, refused: refusalOf(app) };
});
console.log(JSON.stringify(answers));

function refusalOf(app: App): string | null {
  try {
    app.synth();
    return null;
  } catch (error) {
    return String(error);
  }
}

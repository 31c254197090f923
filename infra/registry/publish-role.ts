import { type IOidcProvider, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import { githubPrincipal, sessionMax } from '../security/github.ts';

export type PublishRoleProps = {
  environment: EnvironmentName;
  deployment: Deployment;
  provider: IOidcProvider;
  repositoryArn: string;
};

/** Who pushes images: the pipeline, into this one repository. It cannot deploy, as who deploys cannot push. */
export class PublishRole extends Construct {
  constructor(scope: Construct, id: string, { environment, deployment, provider, repositoryArn }: PublishRoleProps) {
    super(scope, id);
    new Role(this, 'Role', {
      roleName: publishRoleNameOf(environment),
      description: 'The pipeline pushes images, and reads them to copy a release to the next environment.',
      assumedBy: githubPrincipal(provider, environment, deployment),
      maxSessionDuration: sessionMax,
      managedPolicies: [
        new ManagedPolicy(this, 'Push', {
          description: 'Pushes to and pulls from the repository of the programs.',
          statements: [
            // ECR knows no resource for it: what the token opens is decided by the other statement.
            new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
            new PolicyStatement({
              actions: [
                ...['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'],
                ...['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
                ...['ecr:DescribeImages', 'ecr:DescribeImageScanFindings', 'ecr:DescribeImageSigningStatus'],
              ],
              resources: [repositoryArn],
            }),
          ],
        }),
      ],
    });
  }
}

export const publishRoleNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-publish`;

import { type IOidcProvider, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { pathOf, prefixOf } from '../names.ts';
import { githubPrincipal, sessionMax } from '../security/github.ts';

/** What reads an image. */
export const pulling = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** From which environment a release comes, and to which it goes next. */
export const before = { development: null, staging: 'development', production: 'staging' } as const;
export const after = { development: 'staging', staging: 'production', production: null } as const;

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
          description:
            'Pushes to and pulls from the repository of the programs, and pulls from that of the environment before.',
          statements: [
            // ECR knows no resource for it: what the token opens is decided by the other statement.
            new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
            new PolicyStatement({
              actions: [
                ...['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'],
                ...pulling,
                ...['ecr:DescribeImages', 'ecr:DescribeImageScanFindings', 'ecr:DescribeImageSigningStatus'],
              ],
              resources: [repositoryArn],
            }),
            ...earlier(environment, deployment),
            new PolicyStatement({
              actions: ['ssm:GetParameter'],
              resources: [
                `arn:aws:ssm:${deployment.region}:${deployment.account}:parameter${pathOf(environment, 'migrated')}`,
              ],
            }),
          ],
        }),
      ],
    });
  }
}

/** The image of a release is not built again: it is copied from the environment before, by its digest. */
function earlier(environment: EnvironmentName, { promotion }: Deployment): PolicyStatement[] {
  const name = before[environment];
  if (name === null) return [];
  const { account, region } = promotion.from;
  return [
    new PolicyStatement({
      sid: 'CopyFromTheEnvironmentBefore',
      actions: [...pulling],
      resources: [`arn:aws:ecr:${region}:${account}:repository/${prefixOf(name)}`],
    }),
  ];
}

export const publishRoleNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-publish`;

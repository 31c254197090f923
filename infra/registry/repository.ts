import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { pulling } from './publish-role.ts';

export type ImagesProps = {
  name: string;
  key: IKey;
  /** The role that may push, by ARN. */
  publisher: string;
  /** The role that pushes in the next environment, and copies a release from here. Null: there is none. */
  next: { account: string; role: string } | null;
  isDisposable: boolean;
};

/** What changes the repository's images. */
const pushing = ['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'];

/** The images of the programs. A tag never moves, and only the pipeline pushes, whatever rights somebody else has. */
export class Images extends Construct {
  readonly repository: Repository;

  constructor(scope: Construct, id: string, { name, key, publisher, next, isDisposable }: ImagesProps) {
    super(scope, id);
    this.repository = new Repository(this, 'Repository', {
      repositoryName: name,
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: RepositoryEncryption.KMS,
      encryptionKey: key,
      lifecycleRules: [
        {
          rulePriority: 1,
          description: 'What lost its tag, or never had one',
          tagStatus: TagStatus.UNTAGGED,
          maxImageAge: Duration.days(7),
        },
        { rulePriority: 2, description: 'Fifty releases', tagStatus: TagStatus.ANY, maxImageCount: 50 },
      ],
      removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      emptyOnDelete: isDisposable,
    });
    this.repository.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyThePipelinePushes',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: pushing,
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': publisher } },
      }),
    );
    if (next !== null)
      this.repository.addToResourcePolicy(
        new PolicyStatement({
          sid: 'TheNextEnvironmentPulls',
          principals: [new AccountPrincipal(next.account)],
          actions: [...pulling],
          conditions: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${next.account}:role/${next.role}` } },
        }),
      );
  }
}

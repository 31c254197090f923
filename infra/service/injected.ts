import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * A value that ECS puts into a container when it starts. CDK's own sources grant more than is needed (the parameter's description and
 * history), and write into the policy of a key that belongs to a lower stack, which would then depend on this one. Here the execution
 * role gets the one action, on the one thing; that it may decrypt with the key is said once, beside the role.
 */
class Injected extends ecs.Secret {
  readonly arn: string;
  readonly hasField: boolean;
  readonly #source: { readonly action: string; readonly resourceArn: string };

  constructor(source: { action: string; resourceArn: string; field?: string }) {
    super();
    this.arn = source.field === undefined ? source.resourceArn : `${source.resourceArn}:${source.field}::`;
    this.hasField = source.field !== undefined;
    this.#source = source;
  }

  override grantRead(grantee: iam.IGrantable): iam.Grant {
    const { action, resourceArn } = this.#source;
    return iam.Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resourceArn] });
  }
}

/** A setting that is no secret, as a parameter of Systems Manager. */
export const fromParameter = (parameterArn: string): ecs.Secret =>
  new Injected({ action: 'ssm:GetParameters', resourceArn: parameterArn });

/** A secret, or a field of one that is a JSON object. Its ARN with the random end: nobody can ask for another of a like name. */
export const fromSecret = (secretArn: string, field?: string): ecs.Secret =>
  new Injected({
    action: 'secretsmanager:GetSecretValue',
    resourceArn: secretArn,
    ...(field !== undefined && { field }),
  });

import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';

/** A finding that stays, with the reason. One that matches nothing any longer fails the check. */
export type Acknowledgement = {
  /** The stack's id: `Network`. `*`: every stack. */
  stack: string;
  /**
   * Which constructs of the stack, by their path below it (`Vpc/public1/DefaultRoute`): a text is that construct with all below it, a
   * pattern each construct whose path it matches. Empty text: the whole stack.
   */
  path: string | RegExp;
  /**
   * The finding with its pack, and its exact detail where it has one: `AwsSolutions::AwsSolutions-IAM5[Resource::*]`. `{environment}`,
   * `{account}`, `{region}`, `{otherRegion}` and `{checkpoints}` (the prefix of the second account's bucket) in it are those of the deployment.
   */
  id: string;
  /** Where it occurs. */
  environments: readonly EnvironmentName[];
  /** Why it is right here: a sentence for an auditor. */
  reason: string;
};

/** Whether an acknowledgement is written on the construct of this path (`production/Network/Vpc`). Those below it inherit it. */
export function isAt({ stack, path }: Acknowledgement, constructPath: string): boolean {
  const [, ownStack, ...below] = constructPath.split('/');
  if (ownStack === undefined || (stack !== '*' && ownStack !== stack)) return false;
  return typeof path === 'string' ? below.join('/') === path : path.test(below.join('/'));
}

/** The id as the report has it in an environment and a deployment. */
export const idIn = ({ id }: Acknowledgement, environment: string, deployment: Deployment): string =>
  id
    .replaceAll('{environment}', environment)
    .replaceAll('{account}', deployment.account)
    .replaceAll('{region}', deployment.region)
    .replaceAll('{otherRegion}', deployment.otherRegion)
    .replaceAll('{checkpoints}', deployment.checkpoints.bucketPrefix);

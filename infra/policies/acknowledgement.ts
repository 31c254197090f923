import type { EnvironmentName } from '../environment/schema.ts';

/** A finding that stays, with the reason. One that matches nothing any longer fails the check. */
export type Acknowledgement = {
  /** The stack's id: `Network`. */
  stack: string;
  /**
   * Which constructs of the stack, by their path below it (`Vpc/public1/DefaultRoute`): a text is that construct with all below it, a
   * pattern each construct whose path it matches. Empty text: the whole stack.
   */
  path: string | RegExp;
  /** The finding with its pack, and its exact detail where it has one: `AwsSolutions::AwsSolutions-IAM5[Resource::*]`. */
  id: string;
  /** Where it occurs. */
  environments: readonly EnvironmentName[];
  /** Why it is right here: a sentence for an auditor. */
  reason: string;
};

/** Whether an acknowledgement is written on the construct of this path (`production/Network/Vpc`). Those below it inherit it. */
export function isAt({ stack, path }: Acknowledgement, constructPath: string): boolean {
  const [, ownStack, ...below] = constructPath.split('/');
  if (ownStack !== stack) return false;
  return typeof path === 'string' ? below.join('/') === path : path.test(below.join('/'));
}

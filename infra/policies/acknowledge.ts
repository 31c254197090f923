import { type Stage, Validations } from 'aws-cdk-lib';
import type { Environment } from '../environment/schema.ts';
import { isAt } from './acknowledgement.ts';
import { acknowledgements } from './acknowledgements.ts';

/**
 * Marks the findings of the table on the constructs that have them. Ids are given with their pack's name: both forms silence a finding,
 * and only this one stands in the report with its reason.
 */
export function acknowledge(platform: Stage, { name }: Environment): void {
  const constructs = platform.node.findAll();
  for (const acknowledgement of acknowledgements.filter(({ environments }) => environments.includes(name)))
    for (const construct of constructs.filter(({ node }) => isAt(acknowledgement, node.path)))
      Validations.of(construct).acknowledge({ id: acknowledgement.id, reason: acknowledgement.reason });
}

import { type Stage, Validations } from 'aws-cdk-lib';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { idIn, isAt } from './acknowledgement.ts';
import { acknowledgements } from './acknowledgements/index.ts';

/**
 * Marks the findings of the table on the constructs that have them. Ids are given with their pack's name: both forms silence a finding,
 * and only this one stands in the report with its reason.
 */
export function acknowledge(platform: Stage, { name }: Environment, deployment: Deployment): void {
  const constructs = platform.node.findAll();
  for (const acknowledgement of acknowledgements.filter(({ environments }) => environments.includes(name)))
    for (const construct of constructs.filter(({ node }) => isAt(acknowledgement, node.path)))
      Validations.of(construct).acknowledge({
        id: idIn(acknowledgement, name, deployment),
        reason: acknowledgement.reason,
      });
}

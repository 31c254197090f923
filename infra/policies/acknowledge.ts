import { type Stage, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { idIn, isAt } from './acknowledgement.ts';
import { acknowledgements } from './acknowledgements/index.ts';

/**
 * Marks the findings of the table on the constructs that have them. Ids are given with their pack's name: both forms silence a finding,
 * and only this one stands in the report with its reason. Throws for a warning of a construct that is not there: once acknowledged, no
 * report has it, so this is the only place where it can be found to be stale.
 */
export function acknowledge(platform: Stage, { name }: Environment, deployment: Deployment): void {
  const constructs = platform.node.findAll();
  for (const acknowledgement of acknowledgements.filter(({ environments }) => environments.includes(name))) {
    const id = idIn(acknowledgement, name, deployment);
    const places = constructs.filter(({ node }) => isAt(acknowledgement, node.path));
    if (id.startsWith(warnings) && !places.some((place) => warns(place, id.slice(warnings.length))))
      throw new Error(`${name}: ${id} in ${acknowledgement.stack} at ${String(acknowledgement.path)} matches nothing.`);
    for (const place of places) Validations.of(place).acknowledge({ id, reason: acknowledgement.reason });
  }
}

/** How ids of warnings begin. */
const warnings = 'Annotation::';

const warns = (construct: IConstruct, id: string): boolean =>
  construct.node.findAll().some(({ node }) => node.metadata.some(({ data }) => String(data).includes(`[ack: ${id}]`)));

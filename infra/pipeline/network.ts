import { z } from 'zod';
import type { Environment } from '../environment/schema.ts';
import type { Layer } from '../network/rules.ts';
import type { Aws } from './aws.ts';
import { StepError } from './step-error.ts';

const subnetsSchema = z.object({ Subnets: z.array(z.object({ SubnetId: z.string() })) });
const groupsSchema = z.object({ SecurityGroups: z.array(z.object({ GroupId: z.string() })) });

/** Where a task of an environment stands: its private subnets, and the security group of its layer, found by the tags of the stack. */
export async function networkOf(
  aws: Aws,
  { environment, layer }: { environment: Environment['name']; layer: Layer },
): Promise<{ subnets: string[]; securityGroups: string[] }> {
  const ours = { Name: 'tag:quittance:environment', Values: [environment] };
  const { Subnets: subnets } = subnetsSchema.parse(
    await aws('ec2', 'describe-subnets', {
      Filters: [ours, { Name: 'tag:aws-cdk:subnet-name', Values: ['private'] }],
    }),
  );
  const { SecurityGroups: groups } = groupsSchema.parse(
    await aws('ec2', 'describe-security-groups', {
      Filters: [ours, { Name: 'tag:aws:cloudformation:logical-id', Values: [`${groupIdOf(layer)}????????`] }],
    }),
  );
  if (subnets.length === 0 || groups.length !== 1)
    throw new StepError(
      `${environment} has ${subnets.length} private subnets and ${groups.length} security groups of ${layer}; a task needs some and one. Deploy its Network first.`,
    );
  return {
    subnets: subnets.map(({ SubnetId }) => SubnetId).sort(),
    securityGroups: groups.map(({ GroupId }) => GroupId),
  };
}

/** What the logical id of a layer's group begins with in the template of Network; eight digits of a hash follow. */
export const groupIdOf = (layer: Layer): string => `Groups${layer}`;

import type { AllocateCidrRequest, IIpAddresses, SubnetIpamOptions, VpcIpamOptions } from 'aws-cdk-lib/aws-ec2';

/** The groups of subnets, and the third octet of each of their two networks. */
export const tiers = { public: [1, 2], private: [11, 12], data: [21, 22] } as const;
export type Tier = keyof typeof tiers;

/** The network of an environment's VPC, by the second octet. */
export const networkOf = (block: number): string => `10.${block}.0.0/16`;

/** The network of a subnet: `10.2.11.0/24` is the first private one of production. */
export const subnetOf = (block: number, third: number): string => `10.${block}.${third}.0/24`;

/**
 * Exactly the networks that requirement 001 lists. The CDK's own allocation fills a VPC from its beginning, by the sizes and the number of
 * the subnets, so another tier would move all that follow.
 */
export function exactAddresses(block: number): IIpAddresses {
  return {
    allocateVpcCidr: (): VpcIpamOptions => ({ cidrBlock: networkOf(block) }),
    allocateSubnetsCidr: ({ requestedSubnets }: AllocateCidrRequest): SubnetIpamOptions => {
      const taken = new Map<string, number>();
      const next = (name: string): string => {
        const index = taken.get(name) ?? 0;
        taken.set(name, index + 1);
        const third = isTier(name) ? tiers[name][index] : undefined;
        if (third === undefined) throw new Error(`There is no network for subnet ${index + 1} of ${name}.`);
        return subnetOf(block, third);
      };
      return { allocatedSubnets: requestedSubnets.map(({ configuration }) => ({ cidr: next(configuration.name) })) };
    },
  };
}

const isTier = (name: string): name is Tier => Object.hasOwn(tiers, name);

import type { Acknowledgement } from '../acknowledgement.ts';

const all = ['development', 'staging', 'production'] as const;

const inline =
  'CDK writes one inline policy for each role and deletes it with the role: nothing else can be attached to it. That each is narrow is read statement by statement (access/no-star-action, access/star-resource).';

/** Findings that every stack with a role has, and that a narrower test of ours reads. */
export const everywhere: readonly Acknowledgement[] = [
  { stack: '*', path: '', environments: all, id: 'PCI.DSS.321::PCI.DSS.321-IAMNoInlinePolicy', reason: inline },
  { stack: '*', path: '', environments: all, id: 'NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy', reason: inline },
  {
    stack: '*',
    path: '',
    environments: all,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason:
      'Only actions that IAM knows without a resource, each with its reason in policies/star-resources.ts; access/star-resource refuses every other.',
  },
];

/** Checks of cfn-lint that are left out, each with its reason. */
export const cfnLintSkips: Readonly<Record<string, string>> = {
  E1022:
    'It does not take the output of another stack (Fn::GetStackOutput) for a text within Fn::Join. The rules of CDK on CloudFormation read the same joins.',
  W3005:
    'A dependency that a reference says already. CDK writes both for roles and topics with policies; it changes nothing.',
};

/** Findings of checkov that stay: which checks, on which resources (by their logical id), and why. One that matches nothing fails. */
export type CheckovSkip = { checks: readonly string[]; resource: RegExp; reason: string };

export const checkovSkips: readonly CheckovSkip[] = [
  {
    checks: ['CKV_AWS_115', 'CKV_AWS_116', 'CKV_AWS_117'],
    resource: /^CustomVpcRestrictDefaultSG/,
    reason:
      'The function by which CDK empties the default security group while the stack is deployed: it calls AWS alone, and its failure is that of the deployment.',
  },
  {
    checks: ['CKV_AWS_116', 'CKV_AWS_173'],
    resource: /^Hooks(Smoke|Admission)Function/,
    reason:
      'ECS calls it and waits for its answer, so no event can be lost; its variables are names and no secrets, and AWS encrypts them with its own key.',
  },
  {
    checks: ['CKV_AWS_18'],
    resource: /^(AccessLogs|Logs)Bucket/,
    reason: 'The bucket that gets the logs of the others: its own would be written by being written.',
  },
  {
    checks: ['CKV_AWS_18'],
    resource: /^ConsoleFilesBucket/,
    reason:
      "The console's files in the other region: public text, which only CloudFront reads, and its requests are logged there.",
  },
  {
    checks: ['CKV_AWS_157'],
    resource: /^DatabaseInstance/,
    reason: 'Development is thrown away and made again: requirement 001 asks for one zone there.',
  },
  {
    checks: ['CKV_AWS_86'],
    resource: /^EntranceDistribution/,
    reason:
      'Its requests are logged by a delivery of CloudWatch Logs, which checkov does not read; the older kind needs a bucket with access lists.',
  },
  {
    checks: ['CKV_AWS_32'],
    resource: /^ImagesRepository/,
    reason: 'The policy names everybody to deny them; access/no-anonymous reads every statement.',
  },
  {
    checks: ['CKV_AWS_107', 'CKV_AWS_108', 'CKV_AWS_109', 'CKV_AWS_111'],
    resource: /^BoundaryPolicy/,
    reason: 'A boundary allows nothing by itself: it bounds what the policies of roles may allow.',
  },
  {
    checks: ['CKV_AWS_111'],
    resource: /^Hooks(Smoke|Admission)Role/,
    reason:
      'Lambda makes its interfaces in the network itself, by calls that know no resource (policies/star-resources.ts).',
  },
];

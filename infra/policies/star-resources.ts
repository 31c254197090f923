/**
 * Actions that IAM knows only without a resource, or whose resource cannot be named before it exists: the only ones that may be allowed
 * on `*`, each with its reason. A statement with `*` must have all of its actions here.
 */
export const starResources: Record<string, string> = {
  'ecr:GetAuthorizationToken': 'The token is for the whole registry: the action has no resource.',
  'xray:PutTraceSegments': 'Traces have no resource.',
  'xray:PutTelemetryRecords': 'Traces have no resource.',
  'xray:GetSamplingRules': 'Sampling rules are read as a list.',
  'xray:GetSamplingTargets': 'Sampling rules are read as a list.',
  'xray:GetSamplingStatisticSummaries': 'Sampling rules are read as a list.',
  ...Object.fromEntries(
    ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map((action) => [
      `ssmmessages:${action}`,
      'Channels of a session have no name. Only the task of Temporal’s page holds one, for its port.',
    ]),
  ),
  ...Object.fromEntries(
    [
      ...['CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets'],
      ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'],
    ].map((action) => [
      `ec2:${action}`,
      'Lambda makes the interfaces of a function in the network itself, and refuses a function whose role may not do it everywhere.',
    ]),
  ),
  'cloudwatch:PutMetricData': 'Metrics have no resource; the statement is bound to one namespace by its condition.',
  'cloudwatch:DescribeAlarms': 'Alarms are looked for by their names, which IAM does not tell apart in a list.',
  'ec2:DescribeSecurityGroups': 'Groups are found by their tags; the action knows no resource.',
  'ecs:DescribeTaskDefinition': 'The action knows no resource.',
};

/**
 * What may be named by how it begins, because the rest of its ARN is made when it is: everything else is named whole. Each is of one
 * environment.
 */
export const starPatterns: readonly { pattern: RegExp; reason: string }[] = [
  { pattern: /^arn:aws:s3:::[^*/]+\/([^*]+\/)?\*$/, reason: 'Objects below one bucket or one place in it.' },
  { pattern: /^arn:aws:ecs:[^*]+:task\/quittance-[a-z]+\/\*$/, reason: 'Tasks of one cluster have ids.' },
  {
    pattern: /^arn:aws:ecs:[^*]+:task-definition\/quittance-[a-z]+-[a-z-]+:\*$/,
    reason: 'Revisions of one family have numbers.',
  },
  {
    pattern: /^arn:aws:rds:[^*]+:(cluster-)?snapshot:quittance-[a-z]+-\*$/,
    reason: 'A snapshot is named after its release.',
  },
  {
    pattern: /^arn:aws:cloudformation:[^*]+:stack\/(development|staging|production)-\*$/,
    reason: 'A stack has an id behind its name.',
  },
];

/** Of these the statement must also have a condition on a key that begins so: without it the action would reach everything. */
export const starConditions: Record<string, string> = {
  'cloudwatch:PutMetricData': 'cloudwatch:namespace',
};

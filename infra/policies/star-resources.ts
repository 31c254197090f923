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
};

/** Of these the statement must also have a condition on a key that begins so: without it the action would reach everything. */
export const starConditions: Record<string, string> = {
  'cloudwatch:PutMetricData': 'cloudwatch:namespace',
};

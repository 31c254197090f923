import { InterfaceVpcEndpointAwsService as Service } from 'aws-cdk-lib/aws-ec2';

/** A service of AWS that is reached inside the network. */
export type EndpointService = {
  name: string;
  service: Service;
  /** What may be asked through it: what our programs ask. */
  actions: readonly string[];
  /** Whether it is there where money is saved: without it every start of a task would pull its image through the NAT gateway. */
  isMinimal: boolean;
};

const pull = [
  ...['ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer'],
  'ecr:BatchGetImage',
];

export const endpointServices: readonly EndpointService[] = [
  { name: 'EcrApi', service: Service.ECR, actions: pull, isMinimal: true },
  { name: 'EcrDocker', service: Service.ECR_DOCKER, actions: pull, isMinimal: true },
  {
    name: 'Logs',
    service: Service.CLOUDWATCH_LOGS,
    actions: [
      ...['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:DescribeLogGroups'],
      'logs:PutRetentionPolicy',
    ],
    isMinimal: false,
  },
  {
    name: 'Secrets',
    service: Service.SECRETS_MANAGER,
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'],
    isMinimal: false,
  },
  {
    name: 'Kms',
    service: Service.KMS,
    actions: [
      ...['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      ...['kms:Sign', 'kms:GetPublicKey'],
    ],
    isMinimal: false,
  },
  { name: 'Sts', service: Service.STS, actions: ['sts:AssumeRole', 'sts:GetCallerIdentity'], isMinimal: false },
  { name: 'Parameters', service: Service.SSM, actions: ['ssm:GetParameter', 'ssm:GetParameters'], isMinimal: false },
  {
    name: 'Sessions',
    service: Service.SSM_MESSAGES,
    actions: [
      ...['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel'],
      ...['ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
    ],
    isMinimal: false,
  },
  {
    name: 'Traces',
    service: Service.XRAY,
    actions: [
      ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:PutSpans', 'xray:PutSpansForIndexing'],
      ...['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries'],
    ],
    isMinimal: false,
  },
  {
    name: 'Metrics',
    service: Service.CLOUDWATCH_MONITORING,
    actions: ['cloudwatch:PutMetricData'],
    isMinimal: false,
  },
];

import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, ResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import { type FirewallRule, firewallRules } from './firewall-rules.ts';
import { problem } from './problem.ts';

/** WAF in front of everything, with a line for each request that a rule took. */
export class Firewall extends Construct {
  readonly acl: CfnWebACL;

  constructor(scope: Construct, id: string, props: { environment: Environment; key: IKey }) {
    super(scope, id);
    const { environment, key } = props;
    this.acl = new CfnWebACL(this, 'Acl', {
      name: prefixOf(environment.name),
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rules: firewallRules(environment).map(toRule),
      visibilityConfig: visibility(prefixOf(environment.name)),
      customResponseBodies: { tooMany: { contentType: 'APPLICATION_JSON', content: tooMany } },
      // What Amazon's groups read of a body: four times what CloudFront's default is, and the most there is.
      associationConfig: { requestBody: { CLOUDFRONT: { defaultSizeInspectionLimit: 'KB_64' } } },
    });
    logTo(this, { acl: this.acl, environment, key });
  }
}

/** As the API itself refuses too many requests. The limit is of five minutes. */
const tooMany = problem('rate_limited', { retry_after_ms: 300_000 });

const toRule = ({ name, does, statement }: FirewallRule, priority: number): CfnWebACL.RuleProperty => ({
  name,
  priority,
  statement,
  visibilityConfig: visibility(name),
  // A group has actions of its own, which are taken or, to count, replaced.
  ...('managedRuleGroupStatement' in statement
    ? { overrideAction: does === 'count' ? { count: {} } : { none: {} } }
    : { action: actions[does] }),
});

const actions: Readonly<Record<FirewallRule['does'], CfnWebACL.RuleActionProperty>> = {
  block: { block: {} },
  count: { count: {} },
  'refuse-too-many': {
    block: {
      customResponse: {
        responseCode: 429,
        customResponseBodyKey: 'tooMany',
        responseHeaders: [{ name: 'retry-after', value: '300' }],
      },
    },
  },
};

/** No samples of requests: they would show keys and cookies in the console. The log has them without. */
const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
});

/** What only the client and we may know. */
const secretHeaders = ['authorization', 'cookie'];

function logTo(
  scope: Construct,
  { acl, environment, key }: { acl: CfnWebACL; environment: Environment; key: IKey },
): void {
  const { account, region } = Stack.of(scope);
  const group = new LogGroup(scope, 'Log', {
    // WAF writes to groups that are called so, and to no other.
    logGroupName: `aws-waf-logs-${prefixOf(environment.name)}`,
    encryptionKey: key,
    retention: environment.logs.days,
    removalPolicy: environment.name === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  const policy = new ResourcePolicy(scope, 'LogPolicy', {
    resourcePolicyName: `${prefixOf(environment.name)}-firewall`,
    policyStatements: [
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [group.logGroupArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:${region}:${account}:*` },
        },
      }),
    ],
  });
  const logging = new CfnLoggingConfiguration(scope, 'Logging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [`arn:aws:logs:${region}:${account}:log-group:aws-waf-logs-${prefixOf(environment.name)}`],
    redactedFields: secretHeaders.map((Name) => ({ singleHeader: { Name } })),
    // What passes is in the API's log, with its key and outcome.
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: ['BLOCK', 'COUNT'].map((Action) => ({ ActionCondition: { Action } })),
        },
      ],
    },
  });
  logging.node.addDependency(group, policy);
}

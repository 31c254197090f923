import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Environment } from '../environment/schema.ts';

/** What a rule does with a request that it takes. `count` only measures: for rules that would also refuse customers. */
export type FirewallRule = {
  name: string;
  does: 'block' | 'count' | 'refuse-too-many';
  statement: CfnWebACL.StatementProperty;
};

/**
 * The rules in their order: cheap ones and limits first, then lists of bad addresses, then what reads the request. Amazon's groups come
 * with their own actions, so `block` leaves these as they are.
 */
export const firewallRules = ({ edge }: Pick<Environment, 'edge'>): FirewallRule[] => [
  { name: 'sign-in-rate', does: 'refuse-too-many', statement: rate(edge.signInsPerAddress, startsWith('/session/')) },
  { name: 'rate', does: 'refuse-too-many', statement: rate(edge.requestsPerAddress) },
  { name: 'bad-addresses', does: 'block', statement: amazons('AWSManagedRulesAmazonIpReputationList') },
  // A batch of transfers is up to 512 KiB, and the API bounds each body by its route: the group's own 8 KiB would refuse it.
  { name: 'common', does: 'block', statement: amazons('AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY']) },
  { name: 'known-bad-inputs', does: 'block', statement: amazons('AWSManagedRulesKnownBadInputsRuleSet') },
  { name: 'sql-injection', does: 'block', statement: amazons('AWSManagedRulesSQLiRuleSet') },
  // Customers use private networks too. Counted until figures say whom it would keep out.
  { name: 'anonymous-addresses', does: 'count', statement: amazons('AWSManagedRulesAnonymousIpList') },
  { name: 'json-bodies', does: 'block', statement: bodyThatIsNotJson },
];

/** Requests of one address in five minutes. */
const rate = (limit: number, scopeDownStatement?: CfnWebACL.StatementProperty): CfnWebACL.StatementProperty => ({
  rateBasedStatement: {
    limit,
    evaluationWindowSec: 300,
    aggregateKeyType: 'IP',
    ...(scopeDownStatement !== undefined && { scopeDownStatement }),
  },
});

const amazons = (name: string, counted: readonly string[] = []): CfnWebACL.StatementProperty => ({
  managedRuleGroupStatement: {
    vendorName: 'AWS',
    name,
    ...(counted.length > 0 && {
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    }),
  },
});

const asItIs = [{ priority: 0, type: 'NONE' }];

const startsWith = (text: string): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'STARTS_WITH',
    searchString: text,
    textTransformations: asItIs,
  },
});

const matches = (
  fieldToMatch: CfnWebACL.FieldToMatchProperty,
  regexString: string,
  type = 'NONE',
): CfnWebACL.StatementProperty => ({
  regexMatchStatement: { fieldToMatch, regexString, textTransformations: [{ priority: 0, type }] },
});

/**
 * A body that is not JSON, sent to what reads JSON. Only requests that have a body: their methods have one, and a byte of it came. A POST
 * without one (`/v1/transfers/{id}/reversal`) needs no content type, and GET and DELETE are not looked at. The body itself is measured
 * and not `content-length`, which a body in chunks does not have; one that is larger than what the firewall reads has a byte, too.
 */
const bodyThatIsNotJson: CfnWebACL.StatementProperty = {
  andStatement: {
    statements: [
      matches({ uriPath: {} }, '^/(v1/.+|account|balance|add_balance|transfer)$'),
      matches({ method: {} }, '^(POST|PUT|PATCH)$'),
      {
        sizeConstraintStatement: {
          fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
          comparisonOperator: 'GT',
          size: 0,
          textTransformations: asItIs,
        },
      },
      {
        notStatement: {
          statement: matches({ singleHeader: { Name: 'content-type' } }, '^application/json[ \\t]*(;|$)', 'LOWERCASE'),
        },
      },
    ],
  },
};

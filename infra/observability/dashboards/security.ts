import type { EnvironmentName } from '../../environment/schema.ts';
import { prefixOf } from '../../names.ts';
import type { Figure } from '../alarm-spec.ts';
import { loggedMetrics, namespaceOf } from '../names.ts';
import type { Watched } from '../watched.ts';
import type { Graph } from './board.ts';

/** Where the firewall's figures are. */
const edgeRegion = 'us-east-1';

/** What the firewall refused, rule by rule, and who was not let in. */
export function securityGraphs(environment: EnvironmentName, { people }: Watched, rules: readonly string[]): Graph[] {
  const firewall = (name: string, Rule: string): Figure => ({
    namespace: 'AWS/WAFV2',
    name,
    dimensions: { WebACL: prefixOf(environment), Rule },
    statistic: 'Sum',
  });
  const cognito = (name: string, statistic: string): Figure => ({
    namespace: 'AWS/Cognito',
    name,
    dimensions: { UserPool: people.pool, UserPoolClient: people.client },
    statistic,
  });
  return [
    {
      title: 'Firewall: refused, by rule',
      curves: Object.fromEntries(rules.map((rule) => [rule, firewall('BlockedRequests', rule)])),
      region: edgeRegion,
      periodSeconds: 300,
    },
    {
      title: 'Firewall: counted, by rule',
      curves: Object.fromEntries(rules.map((rule) => [rule, firewall('CountedRequests', rule)])),
      region: edgeRegion,
      periodSeconds: 300,
    },
    {
      title: 'Firewall: let through',
      curves: { all: firewall('AllowedRequests', 'ALL') },
      region: edgeRegion,
      periodSeconds: 300,
    },
    {
      title: 'Requests without a valid key',
      curves: {
        refused: {
          namespace: namespaceOf(environment),
          name: loggedMetrics.refusedSignIns,
          dimensions: {},
          statistic: 'Sum',
        },
      },
      periodSeconds: 300,
    },
    {
      title: 'Console: sign-ins',
      curves: { tried: cognito('SignInSuccesses', 'SampleCount'), succeeded: cognito('SignInSuccesses', 'Sum') },
      periodSeconds: 300,
    },
    {
      title: 'Console: throttled sign-ins',
      curves: { throttled: cognito('SignInThrottles', 'Sum') },
      periodSeconds: 300,
    },
  ];
}

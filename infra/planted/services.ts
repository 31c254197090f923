import { isObject, type Json, type JsonObject, listAt } from '../requirements/json.ts';
import type { Change, Draft } from './change.ts';
import { container } from './spoil.ts';

/** Bad changes of programs, the balancer, databases and Temporal. */
export const servicesChanges: readonly Change[] = [
  {
    name: 'the API of production runs in one zone',
    environment: 'production',
    turnsRed: ['compute/placement'],
    edit: (draft) => {
      const network = memberOf(apiService(draft), 'NetworkConfiguration', 'AwsvpcConfiguration');
      network['Subnets'] = listAt(network, 'Subnets').slice(0, 1);
    },
  },
  {
    name: 'the API says how many tasks it has',
    environment: 'production',
    turnsRed: ['compute/no-desired-count'],
    edit: (draft) => {
      apiService(draft)['DesiredCount'] = 3;
    },
  },
  {
    name: 'the API runs the image of tag latest',
    environment: 'staging',
    turnsRed: ['compute/images-by-digest'],
    edit: (draft) => {
      apiContainer(draft)['Image'] = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/quittance:latest';
    },
  },
  {
    name: 'a secret stands in the definition of a container',
    environment: 'production',
    turnsRed: ['compute/settings-are-injected'],
    edit: (draft) => {
      apiContainer(draft)['Environment'] = [{ Name: 'TEMPORAL_API_KEY', Value: 'in-everybody-s-sight' }];
    },
  },
  {
    name: 'the root filesystem of a worker can be written to',
    environment: 'production',
    turnsRed: ['compute/containers'],
    edit: (draft) => {
      container(draft, 'Workers', 'transfers-0-1-0')['ReadonlyRootFilesystem'] = false;
    },
  },
  {
    name: 'a worker is ended before it has finished',
    environment: 'staging',
    turnsRed: ['compute/stop', 'temporal/worker-stop'],
    edit: (draft) => {
      container(draft, 'Workers', 'transfers-0-1-0')['StopTimeout'] = 30;
    },
  },
  {
    name: 'a release of the API does not go back by itself',
    environment: 'production',
    turnsRed: ['compute/rollback'],
    edit: (draft) => {
      memberOf(apiService(draft), 'DeploymentConfiguration')['DeploymentCircuitBreaker'] = {
        Enable: false,
        Rollback: false,
      };
    },
  },
  {
    name: 'the first step of the canary is half of the clients',
    environment: 'production',
    turnsRed: ['compute/release-strategy'],
    edit: (draft) => {
      memberOf(apiService(draft), 'DeploymentConfiguration', 'CanaryConfiguration')['CanaryPercent'] = 50;
    },
  },
  {
    name: 'the weights of the rule are turned around',
    environment: 'production',
    turnsRed: ['compute/frozen-rules'],
    edit: (draft) => {
      const [rule] = draft.all('Ingress', 'AWS::ElasticLoadBalancingV2::ListenerRule');
      const [action] = listAt(rule?.Properties, 'Actions');
      const groups = listAt(action, 'ForwardConfig', 'TargetGroups').filter(isObject);
      groups.forEach((group, index) => {
        group['Weight'] = index * 100;
      });
    },
  },
  {
    name: 'production takes a task away at a processor that is half used',
    environment: 'production',
    turnsRed: ['compute/scaling-cpu'],
    edit: (draft) => {
      draft.one('Api', 'AWS::CloudWatch::Alarm', { ComparisonOperator: 'LessThanThreshold' }).Properties['Threshold'] =
        50;
    },
  },
  {
    name: 'the ledger is backed up for a week',
    environment: 'production',
    turnsRed: ['data/backups'],
    edit: (draft) => {
      draft.one('Data', 'AWS::RDS::DBCluster').Properties['BackupRetentionPeriod'] = 7;
    },
  },
  {
    name: 'the database takes connections without TLS',
    environment: 'staging',
    turnsRed: ['data/tls', 'network/encrypted-on-the-way'],
    edit: (draft) => {
      memberOf(draft.one('Data', 'AWS::RDS::DBParameterGroup').Properties, 'Parameters')['rds.force_ssl'] = '0';
    },
  },
  {
    name: 'the standby of staging is taken away',
    environment: 'staging',
    turnsRed: ['data/database-class'],
    edit: (draft) => {
      draft.one('Data', 'AWS::RDS::DBInstance').Properties['MultiAZ'] = false;
    },
  },
  {
    name: 'the API may log in to the database as every user',
    environment: 'production',
    turnsRed: ['access/star-resource', 'data/log-in-by-token'],
    edit: (draft) => {
      const statements = draft
        .all('Api', 'AWS::IAM::Policy')
        .flatMap(({ Properties }) => listAt(Properties, 'PolicyDocument', 'Statement'))
        .filter(isObject);
      const logIn = statements.find((statement) => listAt(statement, 'Action').includes('rds-db:connect'));
      if (logIn === undefined) throw new Error('the API has no such right');
      logIn['Resource'] = 'arn:aws:rds-db:eu-central-1:111111111111:dbuser:*/*';
    },
  },
  {
    name: 'the cache takes connections without TLS',
    environment: 'production',
    turnsRed: ['data/cache', 'network/encrypted-on-the-way'],
    edit: (draft) => {
      draft.one('Data', 'AWS::ElastiCache::ReplicationGroup').Properties['TransitEncryptionMode'] = 'preferred';
    },
  },
  {
    name: "Temporal's shards are changed",
    environment: 'staging',
    turnsRed: ['temporal/shards'],
    edit: (draft) => {
      const [parameter] = draft
        .all('Temporal', 'AWS::SSM::Parameter')
        .filter(({ Properties }) => String(Properties?.['Name']).includes('temporal-history/NUM_HISTORY_SHARDS/'));
      if (parameter?.Properties === undefined) throw new Error('there is no such parameter');
      parameter.Properties['Value'] = '1024';
    },
  },
  {
    name: "Temporal's history is behind a name",
    environment: 'staging',
    turnsRed: ['temporal/discovery'],
    edit: (draft) => {
      const service = draft.one('Temporal', 'AWS::ECS::Service', { ServiceName: 'temporal-history' }).Properties;
      const frontend = draft.one('Temporal', 'AWS::ECS::Service', { ServiceName: 'temporal-frontend' }).Properties;
      service['ServiceRegistries'] = frontend['ServiceRegistries'] ?? null;
    },
  },
];

const apiService = (draft: Draft): JsonObject => draft.one('Api', 'AWS::ECS::Service').Properties;

const apiContainer = (draft: Draft): JsonObject => container(draft, 'Api', 'api');

/** An object in an object. Throws when there is none: a planted change that spoils nothing proves nothing. */
function memberOf(value: JsonObject, ...place: string[]): JsonObject {
  const found = place.reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
  if (!isObject(found)) throw new Error(`there is no ${place.join('.')}`);
  return found;
}

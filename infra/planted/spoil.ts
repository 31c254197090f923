import { at, isObject, type Json, type JsonObject, listAt, textAt } from '../requirements/json.ts';
import type { Draft } from './change.ts';

/** Sets a member of what stands at a place of a resource. Throws when nothing stands there: a change that spoils nothing proves nothing. */
export function set(value: Json | undefined, member: string, to: Json): void {
  if (!isObject(value)) throw new Error(`There is nothing to spoil at ${member}.`);
  value[member] = to;
}

/** Takes a member away. Throws when there is none. */
export function unset(value: Json | undefined, member: string): void {
  if (!isObject(value) || !Object.hasOwn(value, member)) throw new Error(`There is no ${member} to take away.`);
  delete value[member];
}

/** An alarm of an environment, by its id. */
export const alarm = (draft: Draft, environment: string, id: string): JsonObject =>
  draft.one('*', 'AWS::CloudWatch::Alarm', { AlarmName: `quittance-${environment}-${id}` }).Properties;

/** The bucket of a stack whose name ends so. */
export function bucket(draft: Draft, stack: string, ending: string): JsonObject {
  const [found, ...others] = draft
    .all(stack, 'AWS::S3::Bucket')
    .filter(({ Properties }) => textAt(Properties, 'BucketName').endsWith(ending));
  if (found?.Properties === undefined || others.length > 0) throw new Error(`${stack} has no bucket …${ending}.`);
  return found.Properties;
}

/** The statements of a stack's policies of roles that are about an action, as they stand in the template. */
export function grantsOf(draft: Draft, stack: string, action: string): [JsonObject, ...JsonObject[]] {
  const [first, ...others] = draft
    .all(stack, 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => listAt(Properties, 'PolicyDocument', 'Statement'))
    .filter(isObject)
    .filter((statement) => listAt(statement, 'Action').includes(action));
  if (first === undefined) throw new Error(`No role of ${stack} may ${action}.`);
  return [first, ...others];
}

/** A statement of a policy, by its name. */
export function statementNamed(policy: Json | undefined, sid: string): JsonObject {
  const found = listAt(policy, 'Statement').find((each) => at(each, 'Sid') === sid);
  if (!isObject(found)) throw new Error(`There is no statement ${sid}.`);
  return found;
}

/** The policy of a bucket of Storage, by the beginning of its bucket's id. */
export function bucketPolicy(draft: Draft, id: string): JsonObject {
  const [found] = draft
    .all('Storage', 'AWS::S3::BucketPolicy')
    .filter(({ Properties }) => textAt(Properties, 'Bucket', 'Ref').startsWith(id));
  if (found?.Properties === undefined) throw new Error(`There is no policy of ${id}.`);
  return found.Properties;
}

/** Takes a statement out of a policy, by its name. */
export function withoutStatement(properties: JsonObject, sid: string, member = 'PolicyDocument'): void {
  const policy: Json | undefined = properties[member];
  if (!isObject(policy)) throw new Error(`There is no ${member}.`);
  const statements = listAt(policy, 'Statement');
  policy['Statement'] = statements.filter((statement) => textAt(statement, 'Sid') !== sid);
  if (statements.length === listAt(policy, 'Statement').length) throw new Error(`There is no statement ${sid}.`);
}

/** A container of the stack's tasks, by its name. */
export function container(draft: Draft, stack: string, name: string): JsonObject {
  const found = draft
    .all(stack, 'AWS::ECS::TaskDefinition')
    .flatMap(({ Properties }) => listAt(Properties, 'ContainerDefinitions'))
    .filter(isObject)
    .find((definition) => definition['Name'] === name);
  if (found === undefined) throw new Error(`${stack} has no container ${name}`);
  return found;
}

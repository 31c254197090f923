import { areas, objectBucketNameOf, signInsRoleNameOf } from '../storage/names.ts';
import { at, type Json, type JsonObject, listAt, matches, textAt } from './json.ts';
import { type Statement, statementsOf } from './statements.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** The default retention of a bucket, as each environment has it. */
export const retentions: Record<Synthesised['environment']['name'], JsonObject> = {
  development: { Mode: 'GOVERNANCE', Days: 1 },
  staging: { Mode: 'GOVERNANCE', Days: 30 },
  production: { Mode: 'COMPLIANCE', Days: 3_653 },
};

/** The buckets of objects, and in production their copies. */
export function bucketsOf({ environment, deployment, resources }: Synthesised, stack = '*'): Resource[] {
  const regions = [deployment.region, deployment.otherRegion];
  const names = regions.flatMap((region) =>
    areas.map((area) => objectBucketNameOf(environment.name, { account: deployment.account, region }, area)),
  );
  const found = resources(stack, 'AWS::S3::Bucket').filter(({ properties }) =>
    names.includes(textAt(properties, 'BucketName')),
  );
  const wanted = stack === '*' && environment.name === 'production' ? names.length : areas.length;
  if (found.length !== wanted) throw new Error(`there are ${found.length} buckets of objects instead of ${wanted}`);
  return found;
}

/** The statements of a bucket's policy. */
export const policyOf = (synthesised: Synthesised, { stack, id }: Resource): Statement[] => {
  const policies = synthesised
    .resources(stack, 'AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties['Bucket'] === `\${${stack}.${id}}`)
    .map((policy) => `${policy.stack}.${policy.id}`);
  return statementsOf(synthesised).filter(({ place }) => policies.includes(place));
};

/** What everybody is denied in a bucket. */
export const denials = (synthesised: Synthesised, bucket: Resource): Statement[] =>
  policyOf(synthesised, bucket).filter(
    ({ effect, principal }) => effect === 'Deny' && JSON.stringify(principal).includes('"*"'),
  );

/** The denial of that name; it must concern every object. */
export function denial(synthesised: Synthesised, bucket: Resource, sid: string): Statement | undefined {
  const policies = synthesised
    .resources(bucket.stack, 'AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties['Bucket'] === `\${${bucket.stack}.${bucket.id}}`);
  const found = policies
    .flatMap(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement'))
    .find((statement) => textAt(statement, 'Sid') === sid);
  if (found === undefined) return undefined;
  return denials(synthesised, bucket).find(
    ({ actions, condition, resources }) =>
      resources.every((resource) => String(resource).endsWith('/*')) &&
      matches(actions, listAt(found, 'Action')) &&
      JSON.stringify(condition) === JSON.stringify(at(found, 'Condition') ?? {}),
  );
}

/** Who need not write conditionally, as the policy says and as it should. */
export const exemptOf = (synthesised: Synthesised, bucket: Resource): Json[] =>
  listAt(denial(synthesised, bucket, 'CreateOnly')?.condition, 'ArnNotEquals', 'aws:PrincipalArn');

export function exemptIn({ environment, deployment }: Synthesised, { stack, properties }: Resource): Json[] {
  const isArchive = stack === 'Storage' && textAt(properties, 'BucketName').endsWith('-audit');
  return isArchive ? [`arn:aws:iam::${deployment.account}:role/${signInsRoleNameOf(environment.name)}`] : [];
}

/** Whether a statement is about a bucket: by its name, or by a reference to it. */
export const reaches = ({ resources }: Statement, { stack, id }: Resource, name: string): boolean =>
  resources.map(String).some((resource) => {
    const bucket = resource.replace(/\/.*$/, '');
    return bucket === `arn:aws:s3:::${name}` || bucket === `\${${stack}.${id}.Arn}`;
  });

import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Environment } from '../environment/schema.ts';

export type ObjectPolicyProps = {
  bucketArn: string;
  objects: Pick<Environment['objects'], 'mode' | 'years'>;
  /** The only key that objects may be encrypted with. Null: S3's own. */
  keyArn: string | null;
  /** Roles that cannot write conditionally, by ARN: what they write has names that nobody else chooses. */
  unconditional: readonly string[];
};

/** Days of so many years, with every leap day and the one that is begun. */
export const daysOf = (years: number): number => years * 366 + 1;

/**
 * What nobody may do in a bucket of objects, whatever rights they have elsewhere. An administrator would have to change this policy first,
 * and CloudTrail has both acts.
 */
export function objectPolicy(props: ObjectPolicyProps): PolicyStatement[] {
  const { bucketArn, objects, keyArn, unconditional } = props;
  const inside = `${bucketArn}/*`;
  const deny = (sid: string, actions: string[], conditions: Record<string, Record<string, unknown>> = {}) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [inside],
      conditions,
    });
  const locks = ['s3:PutObject', 's3:PutObjectRetention'];
  return [
    // A second version over a first would be what "the newest" shows.
    deny('CreateOnly', ['s3:PutObject'], {
      Null: { 's3:if-none-match': 'true' },
      // Parts of an upload carry no condition; its end does.
      Bool: { 's3:ObjectCreationOperation': 'true' },
      ...(unconditional.length > 0 && { ArnNotEquals: { 'aws:PrincipalArn': [...unconditional] } }),
    }),
    // A marker would let the next conditional write succeed.
    deny('NoDeleteMarkers', ['s3:DeleteObject']),
    deny('NoWayAroundLocks', ['s3:BypassGovernanceRetention']),
    // Nobody, and least who took over a writer, locks for centuries what the law wants deleted after years.
    deny('NoLongerThanTheDuty', locks, {
      NumericGreaterThan: { 's3:object-lock-remaining-retention-days': String(daysOf(objects.years)) },
    }),
    deny('NoOtherMode', locks, {
      Null: { 's3:object-lock-mode': 'false' },
      StringNotEquals: { 's3:object-lock-mode': objects.mode.toUpperCase() },
    }),
    ...(keyArn === null
      ? []
      : [
          deny('NoOtherKey', ['s3:PutObject'], {
            Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
            StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn },
          }),
        ]),
  ];
}

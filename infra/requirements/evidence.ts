import { prefixOf } from '../names.ts';
import { areas, checkpointsNameOf, objectBucketNameOf } from '../storage/names.ts';
import { at, expected, isObject, listAt, textAt } from './json.ts';
import { bucketsOf, denial, policyOf, reaches, retentions } from './object-buckets.ts';
import type { Row } from './row.ts';
import { statementsOf } from './statements.ts';
import type { Resource } from './synthesised.ts';

/** What makes statements and archive evidence: copies elsewhere, the signature, keys that stay, and who may do what. */
export const evidenceRows: readonly Row[] = [
  {
    id: 'objects/other-region',
    source: ['platform'],
    requirement: 'copies in a second region (replication, as PCI DSS and NIST have it)',
    answer:
      'In production each object is copied within 15 minutes, with its lock, into a bucket whose name differs by the region only, with a key of that region. Deletions are not copied.',
    check: (synthesised) => {
      const { environment, deployment, stacks } = synthesised;
      if (environment.name !== 'production')
        return [
          ...bucketsOf(synthesised, 'Storage')
            .filter(({ properties }) => properties['ReplicationConfiguration'] !== undefined)
            .map(({ id }) => `${id} is copied`),
          ...(stacks['Recovery'] === undefined ? [] : ['there is a second region']),
        ];
      const elsewhere = { account: deployment.account, region: deployment.otherRegion };
      return areas.flatMap((area) => {
        const name = objectBucketNameOf(environment.name, elsewhere, area);
        const bucket = synthesised.only('Storage', 'AWS::S3::Bucket', {
          BucketName: objectBucketNameOf(environment.name, deployment, area),
        });
        synthesised.only('Recovery', 'AWS::S3::Bucket', { BucketName: name });
        const rule = at(bucket.properties, 'ReplicationConfiguration', 'Rules', 0);
        return [
          ...expected(`copies of ${area}`, rule, {
            Status: 'Enabled',
            Filter: { Prefix: '' },
            DeleteMarkerReplication: { Status: 'Disabled' },
            SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
            Destination: {
              Bucket: `arn:aws:s3:::${name}`,
              EncryptionConfiguration: {
                ReplicaKmsKeyID: `arn:aws:kms:${deployment.otherRegion}:${deployment.account}:alias/quittance/production/copies`,
              },
              ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
            },
          }),
        ];
      });
    },
  },
  {
    id: 'objects/copies-of-backups',
    source: ['001'],
    requirement: 'backups survive the loss of a region',
    answer:
      'In production a vault in the second region, with a key of that region, whose lock nobody can take back after a week.',
    check: ({ environment, resources, only }) => {
      if (environment.name !== 'production')
        return expected('vaults', resources('Recovery', 'AWS::Backup::BackupVault').length, 0);
      const { properties } = only('Recovery', 'AWS::Backup::BackupVault');
      return [
        ...expected('the vault', properties, {
          BackupVaultName: `${prefixOf('production')}-copies`,
          LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: 7 },
        }),
        ...(textAt(properties, 'EncryptionKeyArn').startsWith('${Recovery.') ? [] : ['its key is not of that region']),
      ];
    },
  },
  {
    id: 'objects/rights',
    source: ['002', '003'],
    requirement:
      'each program reads or writes what it must: the API one prefix of statements, the writer of audit records puts only',
    answer:
      'The API reads versions in the whole bucket of statements, which has nothing else, and never the archive. Who writes puts, and lists and reads versions, because a put that is refused looks at what is there, and each believes only what the store then says (storage/put.ts). Nobody deletes, sets a hold or goes around a lock. One worker writes both, with one role: a service for each would need a task more for every live version, and connections that production does not have (data/connection-budget). Who takes it over can add to both, and replace or delete in neither.',
    check: (synthesised) => {
      const names = new Map(bucketsOf(synthesised).map((bucket) => [bucket, textAt(bucket.properties, 'BucketName')]));
      const grants = statementsOf(synthesised)
        .filter(({ kind, effect }) => kind === 'identity' && effect === 'Allow')
        .flatMap((statement) =>
          [...names].flatMap(([bucket, name]) =>
            reaches(statement, bucket, name) ? statement.actions.map((action) => ({ ...statement, action, name })) : [],
          ),
        );
      return [
        ...grants
          .filter(({ action }) => !mayBeGranted.includes(action))
          .map(({ place, action, name }) => `${place} may ${action} in ${name}`),
        ...grants
          .filter(({ place, name }) => /^Api\./.test(place) && name.endsWith('-audit'))
          .map(({ place, action }) => `${place} of the API may ${action} in the archive`),
      ];
    },
  },
  {
    id: 'objects/signing-key',
    source: ['platform'],
    requirement: 'the archive is signed by a key that nobody holds and nobody deletes',
    answer: 'Ed25519 in KMS, for signing only and for what is signed as it is; its deletion is denied to everybody.',
    check: ({ only }) => {
      const key = only('Security', 'AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' });
      const statements = listAt(key.properties, 'KeyPolicy', 'Statement');
      return [
        ...expected('the key', key.properties, { KeySpec: 'ECC_NIST_EDWARDS25519' }),
        ...expected(
          'what is signed',
          at(
            statements.find((one) => textAt(one, 'Sid') === 'SignByRoles'),
            'Condition',
            'StringEquals',
          ),
          {
            'kms:SigningAlgorithm': 'ED25519_SHA_512',
            'kms:MessageType': 'RAW',
          },
        ),
        ...deletionProblems(key),
        ...expected('its end', key.raw.DeletionPolicy, 'Retain'),
      ];
    },
  },
  {
    id: 'objects/key-is-kept',
    source: ['platform'],
    requirement: 'what encrypts evidence is not deleted before it',
    answer:
      'Compliance retention keeps objects and not their key: its deletion is denied to everybody, in both regions.',
    check: (synthesised) => {
      const keys = bucketsOf(synthesised).flatMap(({ properties }) => {
        const rule = at(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0);
        const key = synthesised.target(at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'));
        return key === undefined ? [] : [key];
      });
      return [
        ...(keys.length > 0 ? [] : ['no bucket has a key of ours']),
        ...[...new Set(keys)].flatMap(deletionProblems),
      ];
    },
  },
  {
    id: 'objects/checkpoints',
    source: ['platform'],
    requirement: 'checkpoints of the archive in a bucket of a second account',
    answer:
      'A stack of that account, with the same locks: the first account may put and look, and nothing else. It has S3’s own encryption: a checkpoint is public, and a key could be deleted.',
    check: (synthesised) => {
      const { deployment, only } = synthesised;
      const bucket = only('Checkpoints', 'AWS::S3::Bucket', { BucketName: checkpointsNameOf(deployment) });
      const allowed = policyOf(synthesised, bucket).filter(({ effect }) => effect === 'Allow');
      const may = [...new Set(allowed.flatMap(({ actions }) => actions))];
      return [
        ...expected(
          'its lock',
          at(bucket.properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention'),
          retentions[synthesised.environment.name],
        ),
        ...['CreateOnly', 'NoDeleteMarkers', 'NoWayAroundLocks', 'NoLongerThanTheDuty']
          .filter((sid) => denial(synthesised, bucket, sid) === undefined)
          .map((sid) => `the bucket of checkpoints has no ${sid}`),
        ...may.filter((action) => !mayBeGranted.includes(action)).map((action) => `the first account may ${action}`),
        ...(may.includes('s3:PutObject') ? [] : ['the first account may not put']),
        ...allowed
          .filter(({ principal }) => !JSON.stringify(principal).includes(`:iam::${deployment.account}:root`))
          .map(({ principal }) => `${JSON.stringify(principal)} is let in`),
        ...expected(
          'its access logs',
          at(bucket.properties, 'LoggingConfiguration', 'DestinationBucketName') !== undefined,
          true,
        ),
      ];
    },
  },
];

/** What a program may be granted in a bucket of objects. */
const mayBeGranted = [
  ...['s3:PutObject', 's3:PutObjectRetention', 's3:ListBucketVersions'],
  ...['s3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectLegalHold'],
  // The delivery of sign-in events.
  ...['s3:AbortMultipartUpload', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
  // S3's own copying, which sees a bucket's configuration and writes in the other region.
  ...['s3:GetReplicationConfiguration', 's3:ListBucket', 's3:GetObjectVersionForReplication'],
  ...['s3:GetObjectVersionAcl', 's3:GetObjectVersionTagging', 's3:ReplicateObject', 's3:ReplicateTags'],
];

/** That nobody may delete a key, and that nobody is allowed to. */
function deletionProblems({ stack, id, properties }: Resource): string[] {
  const statements = listAt(properties, 'KeyPolicy', 'Statement');
  const about = (effect: string) =>
    statements.filter(
      (statement) =>
        textAt(statement, 'Effect') === effect && listAt(statement, 'Action').includes('kms:ScheduleKeyDeletion'),
    );
  const isForAll = about('Deny').some(
    (statement) =>
      isObject(statement) &&
      statement['Condition'] === undefined &&
      JSON.stringify(statement['Principal']).includes('"*"'),
  );
  return [
    ...(isForAll ? [] : [`${stack}.${id} can be deleted`]),
    ...about('Allow').map(() => `${stack}.${id} allows its deletion`),
  ];
}

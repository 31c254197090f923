import { pathOf, prefixOf } from '../names.ts';
import { after, before, publishRoleNameOf } from '../registry/publish-role.ts';
import { purposes } from '../security/key-uses.ts';
import { at, expected, isObject, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import { statementsOf } from './statements.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** Keys, secrets, settings, and where the image comes from. */
export const secretRows: readonly Row[] = [
  {
    id: 'secrets/keys',
    source: ['003'],
    requirement: 'customer-managed keys that rotate',
    answer:
      'Six, one for each class of data, with names `quittance/<environment>/<purpose>`, a new secret every year, and kept when their stack is not. The key that signs does not rotate: its public half is pinned.',
    check: (synthesised) => {
      const { environment, resources } = synthesised;
      const named = resources('Security', 'AWS::KMS::Alias').map(({ properties }) => textAt(properties, 'AliasName'));
      return [
        ...expected(
          'names of keys',
          named.toSorted(),
          [...purposes, 'archive-signing']
            .map((purpose) => `alias/quittance/${environment.name}/${purpose}`)
            .toSorted(),
        ),
        ...symmetric(synthesised).flatMap(({ stack, id, properties, raw }) => [
          ...expected(`rotation of ${stack}.${id}`, properties['EnableKeyRotation'], true),
          ...expected(`the end of ${stack}.${id}`, raw.DeletionPolicy, 'Retain'),
        ]),
      ];
    },
  },
  {
    id: 'secrets/key-policies',
    source: ['003'],
    requirement: 'only the task that needs it decrypts',
    answer:
      'A key’s policy lets roles use it through its services only (kms:ViaService), from this account, and administrators not at all; which role may is stated by the role. AWS’s services name what they encrypt.',
    check: (synthesised) =>
      symmetric(synthesised)
        .filter(ofOurs)
        .flatMap(({ stack, id, properties }) =>
          listAt(properties, 'KeyPolicy', 'Statement').flatMap((statement) => {
            if (textAt(statement, 'Effect') !== 'Allow') return [];
            const uses = listAt(statement, 'Action').map(String).filter(isUse);
            const wild = listAt(statement, 'Action')
              .map(String)
              .filter((action) => action.endsWith(':*') || action === '*');
            const bound = JSON.stringify(at(statement, 'Condition') ?? {});
            const isBound = /kms:ViaService|kms:EncryptionContext:/.test(bound) || isCalled(synthesised, stack, id);
            return [
              ...wild.map((action) => `${stack}.${id} allows ${action}`),
              ...(uses.length === 0 || isBound ? [] : [`${stack}.${id} may be used for anything: ${uses.join(', ')}`]),
            ];
          }),
        ),
  },
  {
    id: 'secrets/roles-use-keys-through-services',
    source: ['003'],
    requirement: 'decrypt only for the task, and only for what it is for',
    answer:
      'A role that may use a key may so through one service of AWS. The keys of Temporal’s payloads and of the archive’s signature may be called by programs themselves, each for one purpose that the key’s policy names (temporal/payloads, objects/signing-key).',
    check: (synthesised) =>
      statementsOf(synthesised)
        .filter(
          ({ kind, effect, actions, place }) =>
            kind === 'identity' && effect === 'Allow' && actions.some(isUse) && !isBoundary(place),
        )
        .filter(
          ({ resources, condition }) =>
            !resources.every((resource) => isCalledBy(synthesised, resource)) && !hasVia(condition),
        )
        .map(({ place, actions }) => `${place} may ${actions.join(', ')} without a service`),
  },
  {
    id: 'secrets/secrets',
    source: ['001', '003'],
    requirement: 'database passwords, keys and tokens in Secrets Manager, rotated',
    answer:
      'Each secret is encrypted by the key of secrets. RDS makes and rotates the password of the master, which no program that stays has: programs open the database and the cache with tokens of 15 minutes. Not there yet: rotation of the others. Temporal’s key and certificates, the smoke test’s key and the simulator’s are exchanged by hand, and tasks start again for it; there is no ring of keys in which two are valid.',
    check: (synthesised) => {
      const { resources } = synthesised;
      const key = aliased(synthesised, 'secrets');
      const masters = [
        ...resources('Data', 'AWS::RDS::DBInstance'),
        ...resources('Data', 'AWS::RDS::DBCluster'),
      ].filter(
        ({ properties }) =>
          properties['DBClusterIdentifier'] === undefined || properties['Engine'] === 'aurora-postgresql',
      );
      return [
        ...resources('*', 'AWS::SecretsManager::Secret').flatMap(({ stack, id, properties }) =>
          stack === 'Edge' || key.some((form) => properties['KmsKeyId'] === form)
            ? []
            : [`${stack}.${id} is not encrypted by the key of secrets`],
        ),
        ...masters
          .filter(({ properties }) => properties['MasterUserPassword'] !== undefined)
          .map(({ id }) => `${id} has a password in its template`),
        ...(masters.some(({ properties }) => properties['ManageMasterUserPassword'] === true)
          ? []
          : ['nobody rotates the password of the master']),
      ];
    },
  },
  {
    id: 'secrets/parameters',
    source: ['001'],
    requirement: 'settings in the parameter store, by environment',
    answer: 'Every parameter is below `/quittance/<environment>/`, and containers get their settings from there.',
    check: ({ environment, resources }) => {
      const found = resources('*', 'AWS::SSM::Parameter');
      return [
        ...(found.length > 0 ? [] : ['there is no parameter']),
        ...found
          .filter(({ properties }) => !textAt(properties, 'Name').startsWith(pathOf(environment.name, '')))
          .map(({ stack, id }) => `${stack}.${id} is elsewhere`),
      ];
    },
  },
  {
    id: 'secrets/registry',
    source: ['001', '003'],
    requirement: 'a private registry for each environment, with scanning, lifecycle and encryption',
    answer:
      'Stronger than requirement 003: a key of ours instead of AES-256, tags that never move, and in production scanning all day by Inspector instead of once. Untagged images end after 7 days; 50 are kept.',
    check: (synthesised) => {
      const { environment, only } = synthesised;
      const { properties } = only('Registry', 'AWS::ECR::Repository');
      const lifecycle: Json = JSON.parse(textAt(properties, 'LifecyclePolicy', 'LifecyclePolicyText') || '{}');
      const isProduction = environment.name === 'production';
      return [
        ...expected('the repository', properties, {
          RepositoryName: prefixOf(environment.name),
          ImageTagMutability: 'IMMUTABLE',
          ImageScanningConfiguration: { ScanOnPush: true },
          EncryptionConfiguration: { EncryptionType: 'KMS' },
        }),
        ...(aliased(synthesised, 'data').some((form) => at(properties, 'EncryptionConfiguration', 'KmsKey') === form)
          ? []
          : ['its key is not ours']),
        ...expected('its lifecycle', at(lifecycle, 'rules'), [
          { selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 7, countUnit: 'days' } },
          { selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 50 } },
        ]),
        ...expected('scanning', only('Registry', 'AWS::ECR::RegistryScanningConfiguration').properties, {
          ScanType: isProduction ? 'ENHANCED' : 'BASIC',
          Rules: [{ ScanFrequency: isProduction ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH' }],
        }),
      ];
    },
  },
  {
    id: 'secrets/signed-images',
    source: ['platform'],
    requirement: 'what runs is what the pipeline built',
    answer:
      'ECR signs each image as it is pushed, with a profile of Signer whose key nobody holds. Only one role may push, and only jobs of the pipeline take it on (delivery/trust).',
    check: ({ environment, only, target }) => {
      const rule = at(only('Registry', 'AWS::ECR::SigningConfiguration').properties, 'Rules', 0);
      return [
        ...expected('what is signed', at(rule, 'RepositoryFilters', 0, 'Filter'), prefixOf(environment.name)),
        ...expected(
          'the profile',
          target(at(rule, 'SigningProfileArn'))?.properties['PlatformId'],
          'Notation-OCI-SHA384-ECDSA',
        ),
      ];
    },
  },
  {
    id: 'secrets/only-the-pipeline-pushes',
    source: ['000', '003'],
    requirement: 'the pipeline pushes images, tasks only pull',
    answer:
      'The repository refuses a push of anybody but one role, whatever rights they have, and no role of another stack may push. An image is built once, for development: staging’s role pulls it from there by its digest, and production’s from staging, which each registry allows to that one role. Which tasks pull is said by each role and not read here.',
    check: (synthesised) => {
      const { environment, deployment, only, resources } = synthesised;
      const publisher = `arn:aws:iam::${deployment.account}:role/${publishRoleNameOf(environment.name)}`;
      const policy = at(only('Registry', 'AWS::ECR::Repository').properties, 'RepositoryPolicyText', 'Statement', 0);
      const pushers = statementsOf(synthesised).filter(
        ({ kind, effect, actions }) => kind === 'identity' && effect === 'Allow' && actions.includes('ecr:PutImage'),
      );
      return [
        ...expected('the refusal', policy, {
          Effect: 'Deny',
          Action: ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'],
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': publisher } },
        }),
        ...expected(
          'the role',
          resources('Registry', 'AWS::IAM::Role').map(({ properties }) => properties['RoleName'] ?? null),
          [publishRoleNameOf(environment.name)],
        ),
        ...promotionProblems(synthesised),
        ...pushers.filter(({ place }) => !place.startsWith('Registry.')).map(({ place }) => `${place} may push`),
      ];
    },
  },
];

/** The way of an image from one environment to the next: who pulls here, and where who pushes here pulls from. */
function promotionProblems(synthesised: Synthesised): string[] {
  const { environment, deployment, only } = synthesised;
  const [earlier, next] = [before[environment.name], after[environment.name]];
  const { promotion } = deployment;
  const pulled = statementsOf(synthesised)
    .filter(({ place, actions }) => place.startsWith('Registry.') && actions.includes('ecr:BatchGetImage'))
    .filter(({ kind }) => kind === 'identity')
    .flatMap(({ resources }) => resources.map(String))
    .filter((arn) => arn.startsWith('arn:'));
  const statements = listAt(
    only('Registry', 'AWS::ECR::Repository').properties,
    'RepositoryPolicyText',
    'Statement',
  ).filter((statement) => textAt(statement, 'Effect') === 'Allow');
  return [
    ...expected(
      'where images come from',
      pulled,
      earlier === null
        ? []
        : [`arn:aws:ecr:${promotion.from.region}:${promotion.from.account}:repository/${prefixOf(earlier)}`],
    ),
    ...expected(
      'who pulls for the next environment',
      statements.map((statement) => at(statement, 'Condition', 'ArnEquals', 'aws:PrincipalArn') ?? null),
      next === null ? [] : [`arn:aws:iam::${promotion.to}:role/${publishRoleNameOf(next)}`],
    ),
  ];
}

/** Actions that read, write or sign with a key. */
const isUse = (action: string): boolean =>
  /^kms:(Decrypt|Encrypt|ReEncrypt|GenerateDataKey|Sign)/.test(action) || action === 'kms:*' || action === '*';

/** Keys that encrypt. */
const symmetric = ({ resources }: Synthesised): Resource[] =>
  resources('*', 'AWS::KMS::Key').filter(({ properties }) => properties['KeyUsage'] !== 'SIGN_VERIFY');

/** What a reference to the key of a purpose may look like. */
function aliased({ environment, resources, target }: Synthesised, purpose: string): string[] {
  const alias = resources('Security', 'AWS::KMS::Alias').find(
    ({ properties }) => properties['AliasName'] === `alias/quittance/${environment.name}/${purpose}`,
  );
  const key = target(alias?.properties['TargetKeyId']);
  return key === undefined ? [] : [`\${Security.${key.id}.Arn}`, `\${Security.${key.id}}`];
}

/** The boundary gives nothing. */
const isBoundary = (place: string): boolean => place.startsWith('Security.Boundary');

/** Keys of data; the edge's, in us-east-1, encrypts logs of the edge only. */
const ofOurs = ({ stack }: Resource): boolean => stack === 'Security' || stack === 'Recovery';

/** Keys that programs call themselves. */
const called = ['payloads', 'archive-signing'];

const isCalled = (synthesised: Synthesised, stack: string, id: string): boolean =>
  called.some((purpose) => aliased(synthesised, purpose).includes(`\${${stack}.${id}}`));

const isCalledBy = (synthesised: Synthesised, resource: Json): boolean =>
  called.some((purpose) => aliased(synthesised, purpose).includes(String(resource)));

const hasVia = (condition: Json): boolean =>
  isObject(condition) &&
  Object.values(condition).some((keys) => isObject(keys) && keys['kms:ViaService'] !== undefined);

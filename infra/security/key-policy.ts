import {
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { KeyUse, ServiceUse } from './key-uses.ts';

/** Where a key is. */
export type KeyPlace = { account: string; region: string };

/**
 * The whole policy of a key. Upper stacks never write into it: a grant across stacks would make this one depend on them. So it allows
 * the account's roles to use the key through its services, and which role may is stated by the role.
 */
export const keyPolicy = (use: KeyUse, place: KeyPlace): PolicyDocument =>
  new PolicyDocument({
    statements: [
      administration(use.isKept),
      byRoles(use, place),
      ...(use.isLent ? [lent(use, place)] : []),
      ...use.services.map((service) => byService(service, place)),
      ...(use.isKept ? [neverDeleted()] : []),
    ],
  });

/** What the account may let an administrator do: everything but use it. `kms:*` would let administrators read what it protects. */
export function administration(isKept: boolean): PolicyStatement {
  return new PolicyStatement({
    sid: 'Administration',
    principals: [new AccountRootPrincipal()],
    actions: [
      ...['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:GetPublicKey'],
      ...['kms:ListGrants', 'kms:ListKeyPolicies', 'kms:ListKeyRotations', 'kms:ListResourceTags'],
      ...['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias', 'kms:UpdateKeyDescription'],
      ...['kms:TagResource', 'kms:UntagResource', 'kms:PutKeyPolicy', 'kms:RevokeGrant'],
      ...['kms:EnableKey', 'kms:DisableKey', 'kms:EnableKeyRotation', 'kms:CancelKeyDeletion'],
      ...(isKept ? [] : ['kms:ScheduleKeyDeletion']),
    ],
    resources: ['*'],
  });
}

function byRoles({ through, context = {} }: KeyUse, place: KeyPlace): PolicyStatement {
  return new PolicyStatement({
    sid: 'UseByRoles',
    principals: [new AccountRootPrincipal()],
    actions:
      through === null
        ? ['kms:Decrypt', 'kms:GenerateDataKey']
        : [
            ...['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:DescribeKey'],
            ...['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
          ],
    resources: ['*'],
    conditions: {
      StringEquals: { 'kms:CallerAccount': place.account, ...via(through, place), ...inContext(context) },
    },
  });
}

/** Conditions on KMS's encryption context. */
export const inContext = (context: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]));

function lent({ through }: KeyUse, place: KeyPlace): PolicyStatement {
  return new PolicyStatement({
    sid: 'LentToResources',
    principals: [new AccountRootPrincipal()],
    actions: ['kms:CreateGrant'],
    resources: ['*'],
    conditions: {
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
      StringEquals: { 'kms:CallerAccount': place.account, ...via(through, place) },
    },
  });
}

function byService({ service, actions, context }: ServiceUse, place: KeyPlace): PolicyStatement {
  const filled = (text: string): string =>
    text.replaceAll('{account}', place.account).replaceAll('{region}', place.region);
  return new PolicyStatement({
    principals: [new ServicePrincipal(filled(service))],
    actions: [...actions],
    resources: ['*'],
    conditions: {
      [operatorOf(context)]: Object.fromEntries(
        Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, filled(value)]),
      ),
    },
  });
}

/** Names of resources are compared as such; an account is a text. */
const operatorOf = (context: ServiceUse['context']): 'ArnLike' | 'StringEquals' =>
  Object.values(context).every((value) => value.startsWith('arn:')) ? 'ArnLike' : 'StringEquals';

/** Also not by an administrator, who would have to change this policy first: two acts, and CloudTrail has both. */
export const neverDeleted = (): PolicyStatement =>
  new PolicyStatement({
    sid: 'NeverDeleted',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['kms:ScheduleKeyDeletion'],
    resources: ['*'],
  });

const via = (through: KeyUse['through'], { region }: KeyPlace): Record<string, string[]> =>
  through === null ? {} : { 'kms:ViaService': through.map((service) => `${service}.${region}.amazonaws.com`) };

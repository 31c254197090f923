import { layers } from '../network/rules.ts';
import { type Json, type JsonObject, listAt, textAt } from './json.ts';
import type { Synthesised } from './synthesised.ts';

/** Every way that the security groups of a template leave, as `api → database:5432`. */
export type Ways = {
  /** All, each once. */
  ways: string[];
  /** What the end says that may reach, and what the end that is reached says. */
  out: string[];
  into: string[];
  /** Rules on groups that Network does not have. */
  strays: string[];
};

/** Reads inline rules and those that are resources of their own. */
export function rulesOf(synthesised: Synthesised): Ways {
  const { resources } = synthesised;
  const out: string[] = [];
  const into: string[] = [];
  const strays: string[] = [];
  const add = (kind: 'in' | 'out', group: string | null, rule: JsonObject | Json, place: string): void => {
    if (isNothing(rule)) return;
    if (group === null) strays.push(place);
    const other = peerOf(synthesised, rule, kind);
    const way = kind === 'in' ? `${other} → ${group}:${portsOf(rule)}` : `${group} → ${other}:${portsOf(rule)}`;
    (kind === 'in' ? into : out).push(way);
  };
  for (const { stack, id, properties } of resources('*', 'AWS::EC2::SecurityGroup')) {
    const group = groupOf(synthesised, `\${${stack}.${id}.GroupId}`);
    for (const rule of listAt(properties, 'SecurityGroupIngress')) add('in', group, rule, `${stack}.${id}`);
    for (const rule of listAt(properties, 'SecurityGroupEgress')) add('out', group, rule, `${stack}.${id}`);
  }
  for (const { stack, id, properties } of resources('*', 'AWS::EC2::SecurityGroupIngress'))
    add('in', groupOf(synthesised, properties['GroupId']), properties, `${stack}.${id}`);
  for (const { stack, id, properties } of resources('*', 'AWS::EC2::SecurityGroupEgress'))
    add('out', groupOf(synthesised, properties['GroupId']), properties, `${stack}.${id}`);
  return { ways: [...new Set([...out, ...into])], out, into, strays };
}

/** The layer of a reference to a security group; null when it is none of Network's. */
export function groupOf({ target }: Synthesised, reference: Json | undefined): string | null {
  const found = target(reference);
  const [, name] = /^Groups([a-zA-Z]+?)[0-9A-F]{8}$/.exec(found?.id ?? '') ?? [];
  return found?.stack === 'Network' ? (layers.find((layer) => layer === name) ?? null) : null;
}

function peerOf(synthesised: Synthesised, rule: Json, kind: 'in' | 'out'): string {
  const [group, list] =
    kind === 'in'
      ? [textAt(rule, 'SourceSecurityGroupId'), textAt(rule, 'SourcePrefixListId')]
      : [textAt(rule, 'DestinationSecurityGroupId'), textAt(rule, 'DestinationPrefixListId')];
  if (group !== '' && group === synthesised.deployment.privateOriginsGroup) return 'CloudFront';
  if (group !== '') return groupOf(synthesised, group) ?? group;
  if (list === synthesised.deployment.cloudFrontPrefixList) return 'CloudFront';
  const addresses = textAt(rule, 'CidrIp') || textAt(rule, 'CidrIpv6') || list;
  return addresses === '0.0.0.0/0' ? 'anywhere' : addresses;
}

function portsOf(rule: Json): string {
  const { FromPort: from = '', ToPort: to = '' } = typeof rule === 'object' && !Array.isArray(rule) && rule ? rule : {};
  const protocol = textAt(rule, 'IpProtocol');
  const ports = from === to ? String(from) : `${String(from)}-${String(to)}`;
  return protocol === 'tcp' ? ports : `${protocol} ${ports}`;
}

/** The rule that CloudFormation needs so that a group lets nothing out. */
const isNothing = (rule: Json): boolean => textAt(rule, 'CidrIp') === '255.255.255.255/32';

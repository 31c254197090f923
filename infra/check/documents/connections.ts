import { at, type Json, textAt } from '../../requirements/json.ts';
import type { Synthesised } from '../../requirements/synthesised.ts';

/** Who may open a connection to whom, on which ports. */
export type Connection = { from: string; to: string; ports: string };

/** Every rule of what a security group takes, between layers; `internet` and CloudFront stand for what is outside. */
export function connectionsOf(view: Synthesised): Connection[] {
  const found = view.resources('*', 'AWS::EC2::SecurityGroupIngress').map(({ properties }) => ({
    from: nameOf(view, properties['SourceSecurityGroupId'] ?? properties['SourcePrefixListId'] ?? properties['CidrIp']),
    to: nameOf(view, properties['GroupId']),
    ports: portsOf(properties),
  }));
  const inline = view.resources('*', 'AWS::EC2::SecurityGroup').flatMap(({ stack, id, properties }) => {
    const rules = at(properties, 'SecurityGroupIngress');
    return (Array.isArray(rules) ? rules : []).map((rule) => ({
      from: nameOf(view, at(rule, 'SourceSecurityGroupId') ?? at(rule, 'SourcePrefixListId') ?? at(rule, 'CidrIp')),
      to: nameOf(view, `\${${stack}.${id}.GroupId}`),
      ports: portsOf(rule),
    }));
  });
  const merged = Map.groupBy([...found, ...inline], ({ from, to }) => `${from} ${to}`);
  return [...merged.values()]
    .flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [{ ...first, ports: [...new Set([first, ...rest].map(({ ports }) => ports))].toSorted().join(', ') }],
    )
    .toSorted((one, other) => `${one.from} ${one.to}`.localeCompare(`${other.from} ${other.to}`));
}

/** A group by the layer that it stands for: the construct's own name. */
function nameOf(view: Synthesised, reference: Json | undefined): string {
  const group = view.target(reference);
  if (group !== undefined) return group.path.split('/').at(-2) ?? group.id;
  const text = String(reference);
  return text.startsWith('pl-') ? 'CloudFront' : `outside[${JSON.stringify(text)}]`;
}

const portsOf = (rule: Json): string => {
  const from = at(rule, 'FromPort');
  const to = at(rule, 'ToPort');
  return from === undefined ? textAt(rule, 'IpProtocol') : from === to ? String(from) : `${String(from)}–${String(to)}`;
};

import type { Acknowledgement } from '../../policies/acknowledgement.ts';
import { acknowledgements } from '../../policies/acknowledgements/index.ts';
import type { Finding } from '../report.ts';
import { coveredBy } from '../stale.ts';

/** docs/aws/acknowledgements.md: every finding of the policy packs that stays, where, how often, and why. */
export function acknowledgementsDocument(findings: readonly Finding[]): string {
  const sorted = [...acknowledgements].toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
  return `# Findings that stay

Made by \`npm run infra:check -- --write\` from \`infra/policies/acknowledgements/\` and from the report of the synthesis. Three packs read every
template: cdk-nag's AwsSolutions, PCI DSS 3.2.1 and NIST 800-53 R5; besides them CDK's own rules on CloudFormation and the rules in \`infra/policies/guard/\`. A
finding that is not in this table stops the synthesis; a row that matches nothing any longer fails the check. *Places* counts the
resources of all environments.

| stack | where | finding | environments | places | why it is right here |
| --- | --- | --- | --- | ---: | --- |
${sorted.map((row) => line(row, findings)).join('\n')}
`;
}

const keyOf = ({ stack, id, path }: Acknowledgement): string => `${stack} ${id} ${String(path)}`;

function line(row: Acknowledgement, findings: readonly Finding[]): string {
  const where = row.path === '' ? 'all of it' : typeof row.path === 'string' ? row.path : row.path.source;
  const environments = row.environments.length === 3 ? 'all' : row.environments.join(', ');
  return `| ${row.stack} | ${code(where)} | ${code(row.id)} | ${environments} | ${coveredBy(row, findings).length} | ${row.reason} |`;
}

const code = (text: string): string => (text === 'all of it' ? text : `\`${text.replaceAll('|', '\\|')}\``);

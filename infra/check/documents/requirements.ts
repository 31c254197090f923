import { changes } from '../../planted/index.ts';
import { rows } from '../../requirements/index.ts';
import type { Row } from '../../requirements/row.ts';

/** docs/aws/requirements.md: each row, what answers it, and which planted bad changes its test sees. */
export function requirementsDocument(): string {
  const sections = Map.groupBy(rows, ({ id }) => id.split('/')[0] ?? id);
  return `# What was asked of AWS, and what is there

Made by \`npm run infra:check -- --write\` from \`infra/requirements/\`. Each row is a test of the same name for each environment, which reads the
synthesised templates: \`npm run infra:check\`. Sources: the requirement documents 000 to 004, and the platform itself, which needs more than they ask.
*Seen* counts the planted bad changes (\`infra/planted/\`) that turn this row red, and no row that they do not name.

${[...sections].map(([name, own]) => section(name, own)).join('\n\n')}
`;
}

function section(name: string, own: readonly Row[]): string {
  return `## ${name}

| test | source | asked | there | seen |
| --- | --- | --- | --- | ---: |
${own.map(line).join('\n')}`;
}

const line = ({ id, source, requirement, answer }: Row): string =>
  `| ${id} | ${source.join(', ')} | ${cell(requirement)} | ${cell(answer)} | ${changes.filter(({ turnsRed }) => turnsRed.includes(id)).length} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

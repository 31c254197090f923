import { development } from '../../environment/development.ts';
import { production } from '../../environment/production.ts';
import { staging } from '../../environment/staging.ts';

/** docs/aws/environments.md: the three configurations side by side. */
export function environmentsDocument(): string {
  const columns = [development, staging, production].map((environment) => leavesOf(environment));
  const names = [...new Set(columns.flatMap((column) => Object.keys(column)))];
  return `# The three environments

Made by \`npm run infra:check -- --write\` from \`infra/environment/\`. What belongs to an account (number, region, domain, image) is no configuration: it is
passed with \`--context deployment=<file>\` and checked by \`infra/environment/deployment.ts\`. The reasons are in \`infra/environment/schema.ts\`.

| | development | staging | production |
| --- | --- | --- | --- |
${names.map((name) => `| ${name} | ${columns.map((column) => column[name] ?? '–').join(' | ')} |`).join('\n')}
`;
}

/** An object as `member.of.it → text`. */
function leavesOf(value: object, place = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
      typeof item === 'object' && item !== null
        ? Object.entries(leavesOf(item, `${place}${key}.`))
        : [[`${place}${key}`, String(item)]],
    ),
  );
}

import type { Synthesised } from '../../requirements/synthesised.ts';
import { connectionsOf } from './connections.ts';
import { dependenciesOf } from './dependencies.ts';

/** docs/aws/architecture.md: which stack stands on which, and who may open a connection to whom, drawn from the templates. */
export function architectureDocument(views: readonly Synthesised[]): string {
  const production = views.find(({ environment }) => environment.name === 'production');
  if (production === undefined) return '';
  return `# Architecture on AWS

Made by \`npm run infra:check -- --write\` from the templates of production. The file that composes the stacks is \`infra/platform.ts\`; what is
in each environment is in [environments](environments.md), why it is so in [requirements](requirements.md).

## Stacks

Lifetimes separate them: what a release changes stands alone, and what holds money, keys or evidence is never in the way of it. An arrow leads
from a stack to one whose values it uses; a stack knows only those above it.

\`\`\`mermaid
flowchart TD
${dependenciesOf(production)
  .map(({ from, to }) => `  ${from} --> ${to}`)
  .join('\n')}
\`\`\`

## Who may open a connection to whom

Every rule of every security group of production, by layer. What has no arrow is refused: no layer takes a connection from
everywhere.

\`\`\`mermaid
flowchart LR
${connectionsOf(production)
  .map(({ from, to, ports }) => `  ${from} -->|${ports}| ${to}`)
  .join('\n')}
\`\`\`

## Resources

${sizes(views)}
`;
}

function sizes(views: readonly Synthesised[]): string {
  const stacks = [...new Set(views.flatMap((view) => Object.keys(view.stacks)))];
  const count = (view: Synthesised, stack: string): string =>
    view.stacks[stack] === undefined ? '–' : String(view.resources(stack, '*').length);
  return `| stack | ${views.map(({ environment }) => environment.name).join(' | ')} |
| --- | ${views.map(() => '---:').join(' | ')} |
${stacks.map((stack) => `| ${stack} | ${views.map((view) => count(view, stack)).join(' | ')} |`).join('\n')}
| **all** | ${views.map((view) => `**${view.resources('*', '*').length}**`).join(' | ')} |`;
}

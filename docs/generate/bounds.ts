import ts from 'typescript';
import { productFolders, read, sources } from '../../test/support/tree.ts';
import { activityTable } from '../../workflows/activity-table.ts';
import { defaultWaits } from '../../workflows/contract/waits.ts';
import { type Bound, boundsOf, docsOfTypes } from './bounds-in-code.ts';
import { duration, madeFrom, table } from './table.ts';

const folders = [...productFolders, 'simulator'];

/** docs/bounds.md: every timeout, retry, queue, list and body bound that has a name in the code. */
export function boundsDocument(): string {
  return [
    madeFrom('the constants in the code'),
    '# Bounds\n',
    'Every wait has a limit, every retry a maximum or an alarm, every queue a length, every list and body a size. They are named',
    'constants, or data that a test may shrink; whatever is named so that it reads as a bound stands here by itself.\n',
    '## Steps\n',
    'Each activity, with the longest of one run, of all runs together, and how often it is tried, under the waits that',
    'production uses. Without an end it is tried until it works, and what waits for it is visible and alarms.\n',
    table(['step', 'runs on', 'one run', 'all runs', 'tries', 'what it does'], steps()),
    ...folders.flatMap((folder) => chapter(folder)),
  ].join('\n');
}

/** Every bound that has a name in the code. */
export const bounds: readonly Bound[] = boundsOfProgram(sources(folders).map(parsed));

function boundsOfProgram(program: readonly ts.SourceFile[]): Bound[] {
  const docs = docsOfTypes(program);
  return program.flatMap((source) => boundsOf(source, docs));
}

function chapter(folder: string): string[] {
  const here = bounds.filter(({ file }) => file.startsWith(`${folder}/`));
  if (here.length === 0) return [];
  return [
    `## ${folder}\n`,
    table(
      ['where', 'bound', 'value', 'why, or what it means'],
      here.map(({ file, name, value, why }) => [`\`${file}\``, `\`${name}\``, value, why]),
    ),
  ];
}

function steps(): string[][] {
  return Object.entries(activityTable).map(([name, step]) => [
    `\`${name}\``,
    step.on,
    duration(step.runMs(defaultWaits)),
    'allMs' in step ? duration(step.allMs(defaultWaits)) : 'no end',
    'tries' in step ? String(step.tries) : 'no end',
    step.summary,
  ]);
}

function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2023, true);
}

import { type Finding, isPunctual, isSound } from '../ledger/verify/run.ts';

/** The last sentence: of what was verified, by what was found. */
export type Verdicts = { sound: string; broken: string; late: string };

/** What was found, a row for each promise, as a person reads it. */
export function findingsText(findings: readonly Finding[], verdicts: Verdicts): string {
  const rows = findings.map(({ name, verdict, promise, examined, breaches, witness }) => {
    const [mark, word] = verdict === 'books' ? ['BROKEN', 'broken'] : ['LATE  ', 'late'];
    const result = breaches === '0' ? 'ok    ' : mark;
    const count = breaches === '0' ? `${examined} examined` : `${examined} examined, ${breaches} ${word}`;
    const row = `${result}  ${name.padEnd(14)} ${count.padEnd(24)} ${promise}`;
    return witness === null ? row : `${row}\n        first: ${witness}`;
  });
  const upkeep = isPunctual(findings) ? [] : [verdicts.late];
  return `${[...rows, ...upkeep, isSound(findings) ? verdicts.sound : verdicts.broken].join('\n')}\n`;
}

import { checks } from '../../ledger/verify/checks.ts';
import { columnRules, otherTables } from '../../ledger/verify/columns.ts';
import { madeFrom, table } from './table.ts';

/** docs/verify.md: what the auditor promises, and what of the books it cannot know. */
export function verifyDocument(): string {
  const columns = Object.entries(columnRules).flatMap(([relation, rules]) =>
    Object.entries(rules).map(([column, rule]) => [
      `\`${relation}.${column}\``,
      'by' in rule ? rule.by.map((name) => `\`${name}\``).join(', ') : '',
      'why' in rule ? rule.why : '',
    ]),
  );
  return [
    madeFrom('`ledger/verify/`'),
    '# What `npm run verify` sees\n',
    'It re-derives the books with SQL of its own, in one read-only snapshot. Each line of its output is one promise:\n',
    table(
      ['line', 'promise'],
      checks.map(({ name, promise }) => [`\`${name}\``, promise]),
    ),
    '`guards` compares the database with the programs that run it, so run it with the release that migrated the database.\n',
    '## Column by column\n',
    'A column is derived or bounded by the lines in the second cell. Where there are none, the third says why nothing could: a',
    'change of it by hand, with the triggers off, would not be found.\n',
    table(['column', 'found by', 'not derivable, because'], columns),
    'Tables that no money stands on:\n',
    table(
      ['table', 'what it is'],
      Object.entries(otherTables).map(([name, why]) => [`\`${name}\``, why]),
    ),
  ].join('\n');
}

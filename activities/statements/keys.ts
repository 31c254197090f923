import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import type { StatementFacts } from '../../domain/statement.ts';

/** What names the objects of a statement. `day` (yyyymmdd by UTC) and `sequenceOfDay` are those of an interim one. */
export type Keyed = {
  facts: Pick<StatementFacts, 'tenantId' | 'accountId' | 'kind' | 'number' | 'edition' | 'month'>;
  day: string | null;
  sequenceOfDay: number | null;
};

/** An object of a statement. `part`: 0 for the whole, or for the manifest of one that has parts. */
export type ObjectName = { part: number; format: 'json' | 'pdf' };

/**
 * The key of an object: `<tenant>/<account>/2026-10-3-1.pdf` is the first edition of the third statement of the account, of October;
 * `.p2` before the dot its second part; `0-20261101-2-1` the second interim one of a day. Ids and numbers only.
 */
export function keyOf(statement: Keyed, { part, format }: ObjectName): string {
  const { tenantId, accountId, edition } = statement.facts;
  const folder = `${toPublic('tenant', tenantId)}/${toPublic('account', accountId)}`;
  return `${folder}/${rankOf(statement)}-${edition}${part === 0 ? '' : `.p${part}`}.${format}`;
}

function rankOf({ facts: { kind, number, month }, day, sequenceOfDay }: Keyed): string {
  if (kind === 'interim') {
    check(day !== null && sequenceOfDay !== null, 'an interim statement is one of its day');
    return `0-${day}-${sequenceOfDay}`;
  }
  check(number !== null && month !== null, 'a numbered statement has a number and a month');
  return `${month}-${number}`;
}

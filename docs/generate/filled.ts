import { check } from '../../domain/check.ts';
import { limitsTable } from './limits.ts';
import { filtersTable, listsTable, operationsTable, refusalsTable, statusesTable } from './operations.ts';

/** The parts of pages by hand that are made from the code, by the word that asks for them. */
const parts: Record<string, (words: string[]) => string> = {
  operations: operationsTable,
  filters: filtersTable,
  refusals: refusalsTable,
  lists: listsTable,
  statuses: statusesTable,
  limits: limitsTable,
};
const partForm = /^<!-- made: (.*?) -->[\s\S]*?^<!-- \/made -->/gm;

/** The page with each of its parts, between `<!-- made: operations getMe -->` and `<!-- /made -->`, made again. */
export function filled(page: string): string {
  return page.replaceAll(partForm, (_, request: string) => {
    const [name = '', ...words] = request.split(/\s+/);
    const make = parts[name];
    check(make, `docs/generate/filled.ts makes no part ${name}`);
    return `<!-- made: ${request} -->\n\n${make(words)}\n<!-- /made -->`;
  });
}

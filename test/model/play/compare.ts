import { nameOf } from '../model/periods.ts';
import type { Play } from './play.ts';

/** Compares everything that both sides know. */
export async function compareAll({ model, book, differences, tenantId }: Play): Promise<void> {
  const real = await book.read();
  for (const [id, { status, overdraft, posted, held }] of model.accounts)
    compare(
      differences,
      `account ${id}`,
      real[id],
      [status, overdraft ?? 'unlimited', posted.debit, posted.credit, held.debit, held.credit].join(' '),
    );
  for (const [id, { state, version }] of model.transfers)
    compare(differences, `transfer ${id}`, real[id], `${state} ${version}`);
  for (const [id, { legs }] of model.entries) compare(differences, `entry ${id}`, real[id], `posted ${legs.length}`);
  for (const [id, { state, version, captured, captures }] of model.holds)
    compare(differences, `hold ${id}`, real[id], [state, version, captured, captures].join(' '));
  compare(differences, 'periods', real[tenantId], closedIn(model));
  const things = [model.accounts, model.transfers, model.entries, model.holds];
  const known = things.reduce((sum, { size }) => sum + size, model.periods ? 1 : 0);
  compare(differences, 'the number of things', Object.keys(real).length, known);
}

function closedIn({ periods }: Play['model']): string | undefined {
  if (!periods) return undefined;
  return ['closed', nameOf(periods.first), nameOf(periods.last), periods.last - periods.first + 1].join(' ');
}

/** The model takes the same commands, and each answer is compared. */
export function settle<Of>(
  { play, verb }: { play: Play; verb: string },
  batch: Of[],
  answers: unknown[],
  decide: (command: Of, place: number) => unknown,
): void {
  play.commands += batch.length;
  batch.forEach((command, i) => {
    const before = inWords(command);
    compare(play.differences, `${verb} ${before}`, answers[i], decide(command, i));
  });
}

function compare(differences: string[], what: string, real: unknown, model: unknown): void {
  if (real !== model) differences.push(`${what}: the database says ${String(real)}, the model ${String(model)}`);
}

const inWords = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));

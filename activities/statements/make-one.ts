import type pg from 'pg';
import { check } from '../../domain/check.ts';
import { ok, type Result } from '../../domain/result.ts';
import { postingsPerPart, type StatementFacts, type StatementPosting } from '../../domain/statement.ts';
import type { MadeStatement, StoredObjectRow } from '../../ledger/statements/store.ts';
import type { TakenStatement } from '../../ledger/statements/take.ts';
import { type PostingPlace, statementPostings } from '../../ledger/worker-reads/statement-postings.ts';
import { buildDocument, buildManifest, type FrozenDocument } from '../../statements/document.ts';
import type { PartOfManifest } from '../../statements/figures.ts';
import type { Renderers } from '../../statements/render/renderers.ts';
import type { Retention } from '../../storage/port.ts';
import { putDocument, putPdf, type StatementRefusal, type StatementStore } from './put.ts';

/** What one statement is made with. `signal`: no further part begins. */
export type OneStatementTools = {
  pool: pg.Pool;
  store: StatementStore;
  renderers: Pick<Renderers, 'render' | 'renderer'>;
  retentionOf: (statement: TakenStatement) => Retention;
  signal: AbortSignal;
};

/**
 * Writes the documents of a statement, renders them and puts both. What is there already is found again, so a statement whose worker
 * died in it goes on where it was. Throws a Bug when its figures do not tie, and what the database, the store or a renderer throws.
 */
export async function makeOne(
  statement: TakenStatement,
  tools: OneStatementTools,
): Promise<Result<Omit<MadeStatement, 'id' | 'lease'>, StatementRefusal>> {
  const { facts, parts } = statement;
  const made = parts > 1 ? await makeParts(statement, tools) : ok<MadeParts>({ parts: [], objects: [] });
  if (!made.ok) return made;
  const whole =
    parts > 1 ? buildManifest(facts, made.value.parts) : buildDocument(facts, await readPart(facts, null, tools));
  const put = await putBoth(whole, { statement, part: 0 }, tools);
  if (!put.ok) return put;
  const objects = [...put.value, ...made.value.objects];
  return ok({ documentSha256: whole.sha256, renderer: tools.renderers.renderer, objects });
}

type MadeParts = { parts: PartOfManifest[]; objects: StoredObjectRow[] };

/** One part after the other, because each begins with the balance at which the one before it ends, and only one is in memory. */
async function makeParts(
  statement: TakenStatement,
  tools: OneStatementTools,
): Promise<Result<MadeParts, StatementRefusal>> {
  const { facts, parts: of } = statement;
  const made: MadeParts = { parts: [], objects: [] };
  let [opening, fromSeq, after] = [facts.opening, facts.fromSeq, nothingBefore];
  for (let n = 1; n <= of; n += 1) {
    tools.signal.throwIfAborted();
    const postings = await readPart(facts, after, tools);
    const last = postings.at(-1);
    check(last, `part ${n} of ${of} of a statement has postings`);
    const { balanceAfter: closing, seq: toSeq } = last;
    const document = buildDocument(facts, postings, { n, of, opening, closing });
    const put = await putBoth(document, { statement, part: n }, tools);
    if (!put.ok) return put;
    made.parts.push({ n, sha256: document.sha256, opening, closing, postings: postings.length, fromSeq, toSeq });
    made.objects.push(...put.value);
    [opening, fromSeq, after] = [closing, toSeq, last];
  }
  return ok(made);
}

const nothingBefore: PostingPlace | null = null;

/** The postings behind a place, as many as a document has. */
async function readPart(
  facts: StatementFacts,
  after: PostingPlace | null,
  { pool }: OneStatementTools,
): Promise<StatementPosting[]> {
  const { tenantId, id: statementId, fromSeq, toSeq } = facts;
  if (fromSeq === toSeq) return [];
  return await statementPostings(pool, { tenantId, statementId, after, limit: postingsPerPart });
}

/** The document first: a PDF is never there without it. */
async function putBoth(
  document: FrozenDocument,
  { statement, part }: { statement: TakenStatement; part: number },
  { store, renderers, retentionOf }: OneStatementTools,
): Promise<Result<StoredObjectRow[], StatementRefusal>> {
  const place = { statement, part, retention: retentionOf(statement) };
  const json = await putDocument(store, document, place);
  if (!json.ok) return json;
  const draw = () => renderers.render(document.bytes);
  // A part costs seconds to draw, a look milliseconds.
  const isLikelyThere = statement.tries > 0 || statement.parts > 1;
  const pdf = await putPdf(store, { draw, ofDocument: document.sha256, isLikelyThere }, place);
  return pdf.ok ? ok([json.value, pdf.value]) : pdf;
}

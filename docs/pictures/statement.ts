import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDocument } from '../../statements/document.ts';
import { drawPdf } from '../../statements/pdf/draw.ts';
import { openFonts } from '../../statements/pdf/fonts.ts';
import { aStatement, ordinary } from '../../test/support/fixtures/statement-documents.ts';

/**
 * Takes the picture of docs/statements.md: `node docs/pictures/statement.ts`, where `pdftoppm` is (on Debian, in poppler-utils). To be
 * taken again, and looked at, with each version of the template.
 */
const resolution = '100';

const drafts = ordinary(14).map((draft, i) =>
  i === 5 ? { ...draft, isLate: true, valueAt: '2026-10-30T10:00:00.000+01:00' } : draft,
);
const { facts, postings } = aStatement(drafts, { held: 4_250n });
const { pdf } = await drawPdf(buildDocument(facts, postings).bytes, openFonts());
const folder = mkdtempSync(join(tmpdir(), 'statement-'));
try {
  writeFileSync(join(folder, 'statement.pdf'), pdf);
  const to = join(import.meta.dirname, 'statement');
  execFileSync('pdftoppm', ['-png', '-singlefile', '-r', resolution, join(folder, 'statement.pdf'), to]);
} finally {
  rmSync(folder, { recursive: true });
}

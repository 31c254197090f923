import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountStatesDocument } from './generate/account-states.ts';
import { alarmsDocument } from './generate/alarms.ts';
import { boundsDocument } from './generate/bounds.ts';
import { fieldsDocument } from './generate/fields.ts';
import { filled } from './generate/filled.ts';
import { idsDocument } from './generate/ids.ts';
import { sealedMigrations } from './generate/migrations.ts';
import { openApiDocument } from './generate/openapi.ts';
import { withPicture } from './generate/picture.ts';
import { sealedTerms } from './generate/rail-terms.ts';
import { refusalsDocument } from './generate/refusals.ts';
import { environmentExample, settingsDocument } from './generate/settings.ts';
import { statesDocument } from './generate/states.ts';
import { verifyDocument } from './generate/verify.ts';

/**
 * Writes every document that is made from code: `npm run generate`. With `--check` it writes nothing and fails when one is
 * out of date, naming it.
 */
const root = join(import.meta.dirname, '..');
const current = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');

/** These pages are written by hand, with parts that are made from the code. */
const pages = ['docs/api', 'docs/how-to'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);

const documents: Record<string, string> = {
  'docs/account-states.md': accountStatesDocument(),
  'docs/alarms.md': alarmsDocument(),
  'docs/fields.md': fieldsDocument(),
  'docs/ids.md': idsDocument(),
  'docs/refusals.md': refusalsDocument(),
  'docs/states.md': statesDocument(),
  'docs/bounds.md': boundsDocument(),
  'docs/settings.md': settingsDocument(),
  'docs/verify.md': verifyDocument(),
  ...Object.fromEntries(pages.map((page) => [page, filled(current(page))])),
  'api/openapi.json': openApiDocument(),
  '.env.example': environmentExample(),
  'ARCHITECTURE.md': await withPicture(current('ARCHITECTURE.md')),
  'test/rules/migrations.sha256.json': sealedMigrations(current('test/rules/migrations.sha256.json')),
  'test/rules/rail-terms.sha256.json': sealedTerms(current('test/rules/rail-terms.sha256.json')),
};

const stale = Object.entries(documents).filter(([path, text]) => current(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what this code makes of it.`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) writeFileSync(join(root, path), text);
  console.log(
    stale.length === 0 ? 'Every document is up to date.' : `Written: ${stale.map(([path]) => path).join(', ')}.`,
  );
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesiseAll } from '../synthesis.ts';

/**
 * Before the tests of `infra`: synthesises all three environments once, with the packs for production, unless a folder is given by
 * `INFRA_ASSEMBLY`. The whole form of the check gives one, in which the packs have read all three.
 */
export default async function setUp(): Promise<void> {
  if (process.env['INFRA_ASSEMBLY'] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'quittance-infra-'));
  await synthesiseAll(folder);
  process.env['INFRA_ASSEMBLY'] = folder;
  process.env['INFRA_PACKS'] = 'production';
}

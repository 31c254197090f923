import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidV7 } from 'uuid';
import { sha256Of } from '../../../archive/canonical.ts';
import { writeBundle } from '../../../archive-verification/bundle/write-bundle.ts';
import { toPublic } from '../../../domain/ids.ts';
import type { FrozenDocument } from '../../../statements/document.ts';
import { drawPdf } from '../../../statements/pdf/draw.ts';
import { openFonts } from '../../../statements/pdf/fonts.ts';
import { type ArchiveFiles, fileOf, sourceOf } from '../../support/fixtures/archive-files.ts';
import { aSigner, createMadeArchive, type MadeRecord } from '../../support/fixtures/made-archive.ts';
import { gallery } from '../../support/fixtures/statement-gallery.ts';

/** An archive of two tenants that somebody else is to judge: what it is, and the part of one of them, by their files. */
export type Sample = {
  whole: ArchiveFiles;
  part: ArchiveFiles;
  key: string;
  tenant: string;
  statement: FrozenDocument;
};

const segments = 60;

/** Makes one with the code that writes real ones. One of its segments has a statement and an entry, some have nothing. */
export async function makeSample(): Promise<Sample> {
  const signer = aSigner();
  const [tenantId, other] = [uuidV7(), uuidV7()];
  const tenant = toPublic('tenant', tenantId);
  const statement = gallery['37-postings']?.();
  if (!statement) throw new Error('the gallery has no such statement');
  const archive = createMadeArchive([signer]);
  for (let n = 1; n <= segments; n += 1) {
    const owners = [[], [tenantId], [tenantId, other], [other, null]][n % 4] ?? [];
    await archive.add(owners, n === segments / 2 ? { more: [...thingsOf(tenantId, statement)] } : {});
  }
  const part: ArchiveFiles = new Map();
  await writeBundle({ source: sourceOf(archive.files), tenant }, async (name, bytes) => void part.set(name, bytes));
  return { whole: archive.files, part, key: signer.verifierKey, tenant, statement };
}

/** Writes files into a folder, which is emptied before. */
export function writeInto(folder: string, files: ArchiveFiles): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** Its PDF. */
export const pdfOf = async ({ bytes }: FrozenDocument): Promise<Uint8Array> => (await drawPdf(bytes, openFonts())).pdf;

/** The notice of the checkpoint of the middle, as a tenant's receiver gets it. */
export function noticeOf(files: ArchiveFiles): string {
  const checkpoint = Buffer.from(files.get(fileOf(segments / 2, 'note')) ?? []).toString();
  const evidence = { checkpoint, sha256: sha256Of(checkpoint), epoch: 1, segment: segments / 2 };
  return JSON.stringify({ type: 'checkpoint.published', data: { object: 'event', evidence } });
}

function thingsOf(tenantId: string, { sha256 }: FrozenDocument): MadeRecord[] {
  const leg = { leg: 1, currency: 'EUR', amount: '2500', seq: '1', balance_after: '2500' };
  const legs = (['debit', 'credit'] as const).map((side) => ({ ...leg, side, account: toPublic('account', uuidV7()) }));
  const objects = ['json', 'pdf'].map((format) => ({ format, part: 0, sha256 }));
  return [
    { type: 'entry', tenantId, id: toPublic('entry', uuidV7()), fields: { legs } },
    { type: 'statement', tenantId, id: toPublic('statement', uuidV7()), fields: { document_sha256: sha256, objects } },
  ];
}

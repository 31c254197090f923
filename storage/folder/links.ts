import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { areas, type ObjectVersion } from '../port.ts';
import { makeFolder, writeNew } from './durable.ts';
import { systemCode } from './faults.ts';

const payloadSchema = z.object({
  area: z.enum(areas),
  key: z.string(),
  versionId: z.string(),
  filename: z.string(),
  until: z.number(),
});

/** What a link leads to. */
export type Linked = { at: ObjectVersion; filename: string };

/** A token that says what may be read until when, signed with the secret of the folder. */
export async function signLink(root: string, { at, filename }: Linked, seconds: number): Promise<string> {
  const { area, key, versionId } = at;
  const until = Date.now() + seconds * 1000;
  const payload = Buffer.from(JSON.stringify({ area, key, versionId, filename, until })).toString('base64url');
  return `${payload}.${macOf(await secretOf(root), payload).toString('base64url')}`;
}

/** What a token leads to; null when it is not ours, was changed, or is over. What serves the links of a folder asks here. */
export async function readLink(root: string, token: string): Promise<Linked | null> {
  const [payload = '', mac = ''] = token.split('.');
  const [right, found] = [macOf(await secretOf(root), payload), Buffer.from(mac, 'base64url')];
  if (right.length !== found.length || !timingSafeEqual(right, found)) return null;
  const { area, key, versionId, filename, until } = payloadSchema.parse(
    JSON.parse(Buffer.from(payload, 'base64url').toString()),
  );
  return Date.now() < until ? { at: { area, key, versionId }, filename } : null;
}

const macOf = (secret: string, payload: string): Buffer => createHmac('sha256', secret).update(payload).digest();

/** Made once for a folder, so that every process that serves it reads the links of the others. */
async function secretOf(root: string): Promise<string> {
  const path = join(root, '.link-secret');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept !== '') return kept;
  await makeFolder(root, root);
  try {
    await writeNew(path, randomBytes(32).toString('hex'), 0o400);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error; // Another process was faster.
  }
  return readFile(path, 'utf8');
}

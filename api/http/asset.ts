import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from './middleware/state.ts';

/** An answer that is the same for everybody: its bytes, compressed once. All answers share them. */
export type Asset = { type: string; plain: Buffer; zipped: Buffer; hash: string };

/** Makes an asset of these bytes. `type` is its media type, with the charset. */
export async function toAsset(type: string, content: string | Buffer): Promise<Asset> {
  const plain = Buffer.from(content);
  const zipped = await promisify(gzip)(plain);
  return { type, plain, zipped, hash: createHash('sha256').update(plain).digest('base64url') };
}

/**
 * Answers with an asset, compressed where the client takes it, or with 304 where the client has it already. `maxAgeSeconds` is how
 * long it may be used without asking again.
 */
export function giveAsset(ctx: Context, { type, plain, zipped, hash }: Asset, maxAgeSeconds = 0): void {
  const isZipped = ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  ctx.set('Cache-Control', maxAgeSeconds === 0 ? 'no-cache' : `public, max-age=${maxAgeSeconds}`);
  ctx.vary('Accept-Encoding');
  // A strong validator names bytes, so each encoding has its own.
  ctx.etag = isZipped ? `${hash}-gzip` : hash;
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  ctx.type = type;
  if (isZipped) ctx.set('Content-Encoding', 'gzip');
  ctx.body = isZipped ? zipped : plain;
}

import type { IncomingMessage } from 'node:http';
import type { ProblemCode } from './answers.ts';

/** An instruction is below 1 KiB. */
const bodyBytesMax = 8_192;

export type Body = { ok: true; value: unknown } | { ok: false; code: ProblemCode };

/** Reads a JSON body, strictly: media type, no content encoding, 8 KiB, UTF-8. How long it may take is the server's. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const { 'content-type': type = '', 'content-encoding': encoding } = request.headers;
  if (!/^application\/json(; *charset=utf-8)?$/i.test(type) || encoding !== undefined) {
    return { ok: false, code: 'unsupported_media_type' };
  }
  const pieces: Buffer[] = [];
  let size = 0;
  // Not destroyed on return: a client that sends too much can still read the answer.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > bodyBytesMax) return { ok: false, code: 'payload_too_large' };
    pieces.push(piece);
  }
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))) };
  } catch {
    // Not UTF-8 or not JSON: an error of the client, which gets an answer that says so.
    return { ok: false, code: 'invalid_request' };
  }
}

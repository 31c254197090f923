import type { IncomingMessage } from 'node:http';
import { malformed, notJson, type Refusal, tooLarge } from './answers.ts';
import { parsed } from './judge-key.ts';

/** The largest body: a message of Temporal has at most 4 MiB, and base64 makes a third more of them. */
export const bodyBytesMax = 8 * 1024 * 1024;
/** That of a sign-in, which is a key. */
export const signInBytesMax = 1_024;

/** The JSON of a request, or why it is not taken. A larger body is refused while it is read: the rest is never kept. */
export async function readJson(
  message: IncomingMessage,
  bytesMax: number,
): Promise<{ ok: true; value: unknown } | { ok: false; refusal: Refusal }> {
  // A page of another origin cannot send this type without asking first.
  if (!/^application\/json\s*(;|$)/i.test(message.headers['content-type'] ?? ''))
    return { ok: false, refusal: notJson };
  if (Number(message.headers['content-length'] ?? 0) > bytesMax) return { ok: false, refusal: tooLarge };
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > bytesMax) return { ok: false, refusal: tooLarge };
    parts.push(part);
  }
  const value = parsed(Buffer.concat(parts, length).toString());
  return value === undefined ? { ok: false, refusal: malformed } : { ok: true, value };
}

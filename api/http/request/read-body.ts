import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { ok } from '../../../domain/result.ts';
import { type HttpResult, refused } from '../answer.ts';
import type { Context } from '../middleware/state.ts';
import type { BodyLimits } from '../operation.ts';
import { type Json, parseStrictly } from './strict-json.ts';

/** Those of most operations. */
const bodyLimits = {
  // A body larger than this is refused while it is read: the rest is never buffered.
  bytesMax: 64 * 1024,
  // A body of one thing has about 70 names.
  namesMax: 1_000,
} as const;

/** Reads the JSON of a request. Refusals: `unsupported_media_type`, `payload_too_large`, `malformed_request` (cut short), and those of {@link parseStrictly}. */
export async function readBody(
  { req: message, res: response }: Pick<Context, 'req' | 'res'>,
  limits: BodyLimits = bodyLimits,
): Promise<HttpResult<Json>> {
  const { 'content-type': type, 'content-encoding': encoding, expect } = message.headers;
  if (encoding !== undefined || type === undefined || !isJson(type)) return refused('unsupported_media_type');
  if (Number(message.headers['content-length'] ?? 0) > limits.bytesMax) return tooLarge(limits);
  // Node refuses every other expectation.
  if (expect !== undefined) response.writeContinue();
  const bytes = await readBytes(message, limits);
  if (!bytes.ok) return bytes;
  const text = decode(bytes.value);
  return text === null
    ? refused('malformed_json', { detail: 'The body is not UTF-8.' })
    : parseStrictly(text, limits.namesMax);
}

const tooLarge = ({ bytesMax }: BodyLimits) =>
  refused('payload_too_large', { detail: `The body is larger than ${bytesMax / 1024} KiB.` });

/** JSON in UTF-8, whose name it may carry. Other parameters have no meaning for JSON and are ignored (RFC 8259). */
function isJson(type: string): boolean {
  try {
    const { essence, params } = new MIMEType(type);
    return essence === 'application/json' && (params.get('charset') ?? 'utf-8').toLowerCase() === 'utf-8';
  } catch {
    // The only way in which MIMEType reports that a text is not a media type.
    return false;
  }
}

async function readBytes(message: IncomingMessage, limits: BodyLimits): Promise<HttpResult<Buffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      // Node gives Buffers unless an encoding was set, and none is.
      const bytes = chunk as Buffer; // oxlint-disable-line typescript/no-unsafe-type-assertion
      length += bytes.length;
      if (length > limits.bytesMax) return tooLarge(limits);
      chunks.push(bytes);
    }
  } catch {
    // The client went away, or took too long, before its body was complete: its error, so no warning.
    return refused('malformed_request', { detail: 'The body ended too early.' });
  }
  return ok(Buffer.concat(chunks, length));
}

// A byte order mark is kept, and is then not JSON.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    // The only way in which a TextDecoder reports that bytes are not UTF-8.
    return null;
  }
}

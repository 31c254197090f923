import { buffer } from 'node:stream/consumers';
import { crc32, createInflateRaw } from 'node:zlib';

/** A member of a gzip file (RFC 1952): what is inside, and how many bytes of the file it is. */
export type Member = { content: Uint8Array; length: number };

/** The head of a member without a name or another extra. */
const headBytes = 10;
/** What follows the data of a member: a checksum and a length. */
const tailBytes = 8;
const head = [0x1f, 0x8b, 8, 0];

/** The members of a file, in their sequence; null and the end where the bytes are no member as we write them. */
export async function* membersOf(bytes: Uint8Array): AsyncGenerator<Member | null, void, void> {
  for (let at = 0; at < bytes.length; ) {
    const member = head.every((byte, i) => bytes[at + i] === byte) ? await memberAt(bytes, at) : null;
    yield member;
    if (member === null) return;
    at += member.length;
  }
}

async function memberAt(bytes: Uint8Array, at: number): Promise<Member | null> {
  const inflate = createInflateRaw();
  try {
    // It ends by itself where the data end, whatever follows.
    inflate.end(bytes.subarray(at + headBytes));
    const content = await buffer(inflate);
    const length = headBytes + inflate.bytesWritten + tailBytes;
    return crc32(content) === checksumAt(bytes, at + length - tailBytes) ? { content, length } : null;
  } catch (error) {
    if (isDataError(error)) return null;
    throw error;
  } finally {
    inflate.destroy();
  }
}

/** Null behind the end of the bytes. */
function checksumAt(bytes: Uint8Array, at: number): number | null {
  return at + tailBytes <= bytes.length ? Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32LE(at) : null;
}

const isDataError = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'Z_DATA_ERROR' || error.code === 'Z_BUF_ERROR');

import { Readable } from 'node:stream';
import { StorageFault } from '../fault.ts';

/** All bytes of an answer, ended by the signal. Throws when there are more than `bytesMax`. */
export async function readBody(body: unknown, bytesMax: number, signal: AbortSignal): Promise<Uint8Array> {
  if (!(body instanceof Readable)) throw new StorageFault('unknown', 'an answer without a body');
  const parts: Buffer[] = [];
  let bytes = 0;
  const end = () => body.destroy();
  signal.addEventListener('abort', end, { once: true });
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bytesMax) throw new StorageFault('unusable', `an object of more than ${bytesMax} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

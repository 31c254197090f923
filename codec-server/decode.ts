import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { PayloadKeyFault, PayloadUnreadable } from '../encryption/data-key.ts';

/** A page of Temporal's UI asks about an event at a time, or about a page of them. */
const payloadsMax = 1_000;
/** Ours have five names, each of some tens of bytes. */
const metadataMax = 64;

const base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/);
const wirePayload = z.object({
  metadata: z
    .record(z.string(), base64)
    .refine((metadata) => Object.keys(metadata).length <= metadataMax)
    .optional(),
  data: base64.optional(),
});

/** What Temporal's UI sends and takes: payloads as the JSON of protobuf, whose bytes are base64. */
export const wirePayloads = z.object({ payloads: z.array(wirePayload).max(payloadsMax) });
type WirePayload = z.infer<typeof wirePayload>;

/** What became of them, and how many could not be read. */
export type Decoded = { payloads: WirePayload[]; unreadable: number };

/**
 * Decodes each payload by itself. One that cannot be read is answered as a text that says why, in its place, so that the others of its page are
 * shown; one that is not encrypted is answered as it is.
 */
export async function decodeEach(codec: PayloadCodec, payloads: readonly WirePayload[]): Promise<Decoded> {
  let unreadable = 0;
  const decodeOne = async (wire: WirePayload): Promise<WirePayload> => {
    try {
      const [payload = null] = await codec.decode([fromWire(wire)]);
      if (payload === null) throw new PayloadUnreadable('The codec gave nothing.');
      return toWire(payload);
    } catch (error) {
      if (!(error instanceof PayloadUnreadable || error instanceof PayloadKeyFault)) throw error;
      unreadable += 1;
      return toWire(asText(`NOT DECODED. ${error.message}`));
    }
  };
  // One after the other: a page of events must not take the whole process.
  const decoded: WirePayload[] = [];
  for (const wire of payloads) decoded.push(await decodeOne(wire));
  return { payloads: decoded, unreadable };
}

const fromWire = ({ metadata, data }: WirePayload): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))]),
  ),
  ...(data !== undefined && { data: new Uint8Array(Buffer.from(data, 'base64')) }),
});

const toWire = ({ metadata, data }: Payload): WirePayload => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, inBase64(bytes)])),
  data: inBase64(data ?? new Uint8Array()),
});

const asText = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(text)),
});

// A copy: where a message has no bytes, protobuf gives an empty array, which has no buffer.
const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './codec.ts';
import { type Opening, openPayloadKeys, type PayloadKeySettings } from './open-keys.ts';

/** The file that makes payloads of texts and stacks of errors, for who encrypts. */
export const errorConverterPath = fileURLToPath(new URL('failure-converter.cjs', import.meta.url));

/**
 * What stands between values and Temporal's store: one for every client, worker, bundle and replay. Without a key that encrypts, values and texts of errors stay
 * readable there, and what is encrypted already needs the keys that are given. Throws as {@link openPayloadKeys} does.
 */
export async function openDataConverter(settings: PayloadKeySettings, opening: Opening = {}): Promise<DataConverter> {
  const keys = await openPayloadKeys(settings, opening);
  return {
    payloadCodecs: [createPayloadCodec(keys)],
    ...(keys.encrypts && { failureConverterPath: errorConverterPath }),
  };
}

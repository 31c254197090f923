import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './codec.ts';
import type { PayloadKeys } from './payload-keys.ts';

/** The file that makes payloads of the texts of errors, for those who encrypt them. */
export const failureConverterPath = fileURLToPath(new URL('failure-converter.cjs', import.meta.url));

/**
 * How values become what Temporal stores: the one for every client, every worker and every replay. Without a key that encrypts, texts of errors stay where Temporal's page
 * shows them.
 */
export const createDataConverter = (keys: PayloadKeys): DataConverter => ({
  payloadCodecs: [createPayloadCodec(keys)],
  ...(keys.encrypts && { failureConverterPath }),
});

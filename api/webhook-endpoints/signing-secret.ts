import { randomBytes } from 'node:crypto';

/** 256 bits, as long as the HMAC's hash. */
const secretBytes = 32;

/** A new secret of an endpoint, in the form of Standard Webhooks. */
export const newSigningSecret = (): string => `whsec_${randomBytes(secretBytes).toString('base64')}`;

import { isIP } from 'node:net';
import { isPublicAddress } from '../../domain/webhook-url.ts';
import { ok } from '../../domain/result.ts';
import { type HttpResult, refused } from '../http/answer.ts';

const portsAllowed = new Set(['', '443', '8443']);

/**
 * Refuses a URL that can never work, so that the client gets the error now. It looks at the text only: what a name resolves to
 * may change with every look-up, so delivery checks what it connects to, each time. On a laptop (`allowPrivate`) plain http
 * and private addresses are fine. Refusal: `validation_failed`.
 */
export function checkUrl(text: string, { allowPrivate }: { allowPrivate: boolean }): HttpResult<string> {
  const url = new URL(text);
  const wrong = wrongAnywhere(url) ?? (allowPrivate ? null : wrongInPublic(url));
  return wrong === null
    ? ok(url.href)
    : refused('validation_failed', { errors: [{ pointer: '/url', code: 'invalid_value', message: wrong }] });
}

function wrongAnywhere(url: URL): string | null {
  if (url.username !== '' || url.password !== '') return 'must not have a user or a password';
  return url.hash === '' ? null : 'must not have a fragment';
}

function wrongInPublic(url: URL): string | null {
  if (url.protocol !== 'https:') return 'must be https';
  if (!portsAllowed.has(url.port)) return 'must use port 443 or 8443';
  // The URL parser has normalised every spelling of an IPv4 address (octal, hexadecimal, short).
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) return isPublicAddress(host) ? null : 'must be a public address';
  return host.includes('.') && !/\.?(localhost|local|internal)\.?$/.test(host) ? null : 'must be a public name';
}

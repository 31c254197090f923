import ipaddr from 'ipaddr.js';

/** Ports that notices may go to. */
const webhookPorts: readonly number[] = [443, 8443];

/** `allowPrivate`: plain http, any port and private addresses too, for a laptop. `ports` replaces {@link webhookPorts}. */
export type WebhookUrlRules = { allowPrivate: boolean; ports?: readonly number[] };

/**
 * Why notices may not go to a URL, as the end of a sentence ("must be https"), or null. It looks at the text only: what a name
 * resolves to may change with every look-up, so delivery checks the addresses as well, each time that it connects.
 */
export function webhookUrlProblem(
  text: string,
  { allowPrivate, ports = webhookPorts }: WebhookUrlRules,
): string | null {
  if (!URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'must be https';
  if (url.username !== '' || url.password !== '') return 'must not have a user or a password';
  if (url.hash !== '') return 'must not have a fragment';
  if (allowPrivate) return null;
  if (!ports.includes(Number(url.port || 443))) return `must use port ${ports.join(' or ')}`;
  // The URL parser has normalised every spelling of an IPv4 address (octal, hexadecimal, short).
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return isPublicAddress(host) ? null : 'must be a public address';
  return host.includes('.') && !privateName.test(host) ? null : 'must be a public name';
}

const privateName = /(localhost|local|internal)\.?$/;

/**
 * Whether an address belongs to a host of the public internet: only there notices may go. False for malformed text. Used
 * for the address in a URL when it is set, and for the addresses of a name each time that it is connected to.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  // Of IPv6 only 2000::/3 is given out; the rest holds old embeddings of IPv4 that some network might still unwrap.
  return address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR('2000::/3'));
}

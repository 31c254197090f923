import ipaddr from 'ipaddr.js';

/** Ports that notices may go to. */
const webhookPorts: readonly number[] = [443, 8443];
/** URLs of receivers are far shorter. */
const urlMax = 2_048;

/**
 * `allowPrivate`: plain http, any port and this machine itself too, for a laptop, except for `ownPorts`: those of the platform's own
 * programs and servers. `ports` replaces {@link webhookPorts}.
 */
export type WebhookUrlRules = { allowPrivate: boolean; ports?: readonly number[]; ownPorts?: readonly number[] };

/**
 * Why notices may not go to a URL, as the end of a sentence ("must be https"), or null. It looks at the text only: what a name
 * resolves to may change with every look-up, so delivery checks the addresses as well, each time that it connects.
 */
export function webhookUrlProblem(text: string, rules: WebhookUrlRules): string | null {
  if (!URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(rules.allowPrivate && url.protocol === 'http:')) return 'must be https';
  if (url.username !== '' || url.password !== '') return 'must not have a user or a password';
  if (text.includes('#')) return 'must not have a fragment';
  return addressProblem(url, rules) ?? spellingProblem(text, url);
}

function addressProblem(
  url: URL,
  { allowPrivate, ports = webhookPorts, ownPorts = [] }: WebhookUrlRules,
): string | null {
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  if (!allowPrivate && !ports.includes(port)) return `must use port ${ports.join(' or ')}`;
  if (ownPorts.includes(port)) return 'must not use a port of this platform';
  // The URL parser has normalised every spelling of an IPv4 address (octal, hexadecimal, short).
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (allowPrivate && isThisMachine(host)) return null;
  if (ipaddr.isValid(host)) return isPublicAddress(host) ? null : 'must be a public address';
  return host.includes('.') && !privateName.test(host) ? null : 'must be a public name';
}

/**
 * An address that is stored in another spelling than it was sent in is not the one that its owner believes in: white space dropped,
 * slashes added, a path shortened. What HTTP itself calls equal is accepted: the case of scheme and host, the port that is
 * meant anyway, a missing path.
 */
function spellingProblem(text: string, url: URL): string | null {
  if (url.href.length > urlMax) return `must have at most ${urlMax} characters, after encoding`;
  const [, origin = '', rest = ''] = /^([a-z]+:\/\/[^/?]*)(.*)$/is.exec(text) ?? [];
  const plainOrigin = origin.toLowerCase().replace(url.protocol === 'https:' ? /:443$/ : /:80$/, '');
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  if (`${plainOrigin}${path}` === url.href) return null;
  const normal = url.href.length <= shownMax ? `: ${url.href}` : '';
  return `must be written as it is sent, encoded and without white space or dots to resolve${normal}`;
}

/** A longer URL is not repeated in a message. */
const shownMax = 200;

/** Names of networks inside a house, a company or a cluster, and those that RFC 6761 and 6762 set apart. */
const privateName =
  /(localhost|local)$|(^|\.)(internal|intranet|private|corp|home|lan|home\.arpa|svc|test|invalid|onion|alt)$/;

/** The machine that a worker runs on, and the one that its container runs on. */
export const hostOfContainer = 'host.docker.internal';
const isThisMachine = (host: string): boolean => host === 'localhost' || host === hostOfContainer || isLoopback(host);

/** Whether an address is the machine's own. False for malformed text. */
export function isLoopback(text: string): boolean {
  return ipaddr.isValid(text) && ipaddr.process(text).range() === 'loopback';
}

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

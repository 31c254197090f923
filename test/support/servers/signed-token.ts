import { createHash, createHmac } from 'node:crypto';

/** What a server of Amazon's would find in a token. */
export type TokenClaims = {
  host: string;
  query: Record<string, string>;
  accessKeyId: string;
  region: string;
  opens: string;
  signedAt: Date;
  seconds: number;
};

/**
 * Reads a token and verifies its signature as the documentation of Signature Version 4 says, without any library of Amazon's. Null: it was not
 * signed with this key, or not over what it says.
 */
export function claimsOf(token: string, secretKey: string): TokenClaims | null {
  const url = new URL(`https://${token}`);
  const query = Object.fromEntries(url.searchParams);
  const { 'X-Amz-Signature': signature = '', ...signed } = query;
  const [accessKeyId = '', date = '', region = '', service = '', end = ''] = (signed['X-Amz-Credential'] ?? '').split(
    '/',
  );
  // A port that is the scheme's own is no part of a URL's host, and here it is a part of the text.
  const host = token.slice(0, token.indexOf('/'));
  const canonicalQuery = Object.entries(signed)
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .toSorted()
    .join('&');
  const request = ['GET', '/', canonicalQuery, `host:${host}\n`, 'host', sha256('')].join('\n');
  const time = signed['X-Amz-Date'] ?? '';
  const toSign = ['AWS4-HMAC-SHA256', time, `${date}/${region}/${service}/${end}`, sha256(request)].join('\n');
  const key = [date, region, service, end].reduce<string | Buffer>((by, part) => hmac(by, part), `AWS4${secretKey}`);
  if (hmac(key, toSign).toString('hex') !== signature) return null;
  const signedAt = new Date(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  return { host, query, accessKeyId, region, opens: service, signedAt, seconds: Number(signed['X-Amz-Expires']) };
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

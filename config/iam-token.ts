import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Hash } from '@smithy/core/serde';
import { SignatureV4, type SignatureV4Init } from '@smithy/signature-v4';

/** What a token opens: at which service of which region, under which host, and as whom. */
export type TokenRequest = {
  opens: 'rds-db' | 'elasticache';
  region: string;
  host: string;
  query: Readonly<Record<string, string>>;
};

/** Makes a token: a text that opens what it is for while it is valid. Throws when nobody says who this program is. */
export type SignToken = (request: TokenRequest) => Promise<string>;

/** How long a token opens something. It is looked at when a connection is made, and never again. */
const tokenSeconds = 900;

/**
 * Makes tokens as Amazon's own tools do: the address of a request that is signed and never sent. Signing takes no call. Who this program
 * is comes from the role of its task or machine, which is asked once and again before it expires, however many tokens are made.
 */
export function createTokenSigner(credentials: SignatureV4Init['credentials'] = defaultProvider()): SignToken {
  const sha256 = Hash.bind(null, 'sha256');
  return async ({ opens, region, host, query }) => {
    const signer = new SignatureV4({ service: opens, region, credentials, sha256 });
    const request = { method: 'GET', protocol: 'https:', hostname: host, path: '/', query: { ...query } };
    const signed = await signer.presign({ ...request, headers: { host } }, { expiresIn: tokenSeconds });
    const parts = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${spelled(name)}=${spelled(String(value))}`,
    );
    return `${host}/?${parts.join('&')}`;
  };
}

/** As a signature counts it: everything but what RFC 3986 calls unreserved is escaped. */
const spelled = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  );

import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

/** A call of a service of Amazon's that speaks JSON: `secretsmanager.PutSecretValue` with its input. */
export type IamRequest = { api: string; region: string; url: string; target: string; input: object };

/** The body and the headers with which the call is sent. They are valid for some minutes. */
export type SignedRequest = { headers: Record<string, string>; body: string };

/** Signs a call as the role of this task or machine. Nothing is sent. Throws when nobody says who this program is. */
export async function signRequest({ api, region, url, target, input }: IamRequest): Promise<SignedRequest> {
  const { protocol, hostname, host } = new URL(url);
  const body = JSON.stringify(input);
  const signer = new SignatureV4({
    ...{ service: api, region },
    credentials: defaultProvider(),
    sha256: Hash.bind(null, 'sha256'),
  });
  const headers = { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const signed = await signer.sign({ method: 'POST', protocol, hostname, path: '/', headers, body });
  return { headers: signed.headers, body };
}

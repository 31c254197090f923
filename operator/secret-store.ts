import { ExplainedError } from '../config/explain-error.ts';
import { signRequest } from '../config/iam-request.ts';
import { createHttpClient } from '../http-client/http-client.ts';

/** A secret of Amazon's Secrets Manager. `url`: where it is asked; absent: at Amazon's own address in the region. */
export type SecretPlace = { id: string; region: string; url?: string | undefined };

/** Of the one call. */
const limits = {
  /** Secrets Manager answers within a second; a person waits for this. */
  timeoutMs: 15_000,
  /** It is in the same region. */
  connectMs: 5_000,
  /** The answer to a put has a name and a version. */
  bytesMax: 64 * 1024,
};

/**
 * Puts a text into a secret as its newest version, with the login of the role of this task. The text is in no line of a log and in no argument of
 * a command. Throws a sentence when it was not put; then the secret has what it had, unless the answer was lost: putting again is safe.
 */
export async function putSecret({ id, region, url: endpoint }: SecretPlace, text: string): Promise<void> {
  const url = endpoint ?? `https://secretsmanager.${region}.amazonaws.com`;
  const { headers, body } = await signRequest({
    api: 'secretsmanager',
    region,
    url,
    target: 'secretsmanager.PutSecretValue',
    input: { SecretId: id, SecretString: text },
  });
  const client = createHttpClient({ connections: 1, keepAliveMs: 1_000 });
  try {
    const ended = await client.exchange({ method: 'POST', url, headers, body }, limits);
    if (ended.end === 'answered' && ended.status === 200) return;
    const how =
      ended.end === 'answered' ? `answered ${ended.status}: ${codeOf(ended.text)}` : `gave no answer (${ended.code})`;
    throw new ExplainedError(`The secret ${id} was not written: Secrets Manager ${how}. Run the command again.`);
  } finally {
    client.close();
  }
}

/** The name of a refusal, and nothing of what was sent. */
const codeOf = (text: string): string => /"__type"\s*:\s*"([A-Za-z0-9.#]+)"/.exec(text)?.[1] ?? 'no reason given';

// Runs in Lambda, in the network, after ECS has given the new tasks to the test listener and before any client gets them. It says
// SUCCEEDED or FAILED; FAILED, and no answer, bring the last release back. Plain JavaScript: Lambda takes no types off.
import { request } from 'node:https';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { firstWrong } from './questions.mjs';

export async function handler() {
  const key = await readKey();
  const wrong = await firstWrong((question) => ask(question, key));
  if (wrong === null) return { hookStatus: 'SUCCEEDED' };
  console.error(JSON.stringify({ message: 'the release answers wrongly', ...wrong }));
  return { hookStatus: 'FAILED' };
}

async function readKey() {
  const secret = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: process.env.KEY_SECRET }),
  );
  return secret.SecretString;
}

/** The balancer's own name has no certificate; it shows that of the API, which is verified. */
function ask({ path, withKey }, key) {
  const { BALANCER, API_NAME, TEST_PORT } = process.env;
  const headers = { host: API_NAME, ...(withKey && { authorization: `Bearer ${key}` }) };
  const options = { host: BALANCER, port: TEST_PORT, path, headers, servername: API_NAME, timeout: 5_000 };
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end();
  });
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { request } from 'undici';
import { createPayloadCodec } from '../encryption/codec.ts';
import { newPayloadKey } from '../encryption/key-file.ts';
import { openPayloadKeys } from '../encryption/open-keys.ts';
import { freePort } from '../local/ports.ts';
import { freshApi } from '../test/support/harness/api.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { startTestProgram } from '../test/support/harness/program.ts';

const { api } = freshApi();
const inBase64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');

/** A payload as the programs encrypt it with this key, in the form in which Temporal's UI sends it. */
async function encrypted(value: unknown, key: string) {
  const keys = await openPayloadKeys({ keys: { reveal: () => key }, kmsKeys: [], encryptWith: 'file' });
  const [payload] = await createPayloadCodec(keys).encode([defaultPayloadConverter.toPayload(value) ?? {}]);
  const metadata = Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [name, inBase64(bytes)]);
  return { metadata: Object.fromEntries(metadata) as Record<string, string>, data: inBase64(payload?.data) };
}

test(
  'the codec server as a process, without a database: sign in, decode, metrics, a trail without content, a graceful end',
  async () => {
    const logFolder = await mkdtemp(join(tmpdir(), 'quittance-codec-server-'));
    const [port, metricsPort, payloadKey] = [await freePort(), await freePort(), newPayloadKey()];
    const url = `http://127.0.0.1:${port}`;
    const uiUrl = 'http://127.0.0.1:8233';
    const env = {
      ...{ CODEC_SERVER_PORT: String(port), CODEC_SERVER_METRICS_PORT: String(metricsPort) },
      ...{ CODEC_SERVER_API_URL: api.url, PAYLOAD_KEYS_DATA: payloadKey, TEMPORAL_UI_URL: uiUrl },
    };
    const program = startTestProgram({ name: 'codec-server', env, health: `${url}/health`, logFolder });
    await program.whenReady();
    const key = await api.keyWith({ scopes: ['operations'] });
    const json = { 'content-type': 'application/json' };
    const signIn = { method: 'POST', headers: { ...json, origin: url }, body: JSON.stringify({ key }) } as const;
    const signedIn = await request(`${url}/sign-in`, signIn);
    expect(signedIn.statusCode).toBe(200);
    const [cookie = ''] = String(signedIn.headers['set-cookie']).split(';');
    const payloads = [await encrypted('Grace Hopper', payloadKey)];
    const headers = { ...json, origin: uiUrl, 'x-namespace': 'default', cookie };
    const answer = await request(`${url}/decode`, { method: 'POST', headers, body: JSON.stringify({ payloads }) });
    const decoded = (await answer.body.json()) as { payloads: { data: string }[] };
    expect(Buffer.from(decoded.payloads[0]?.data ?? '', 'base64').toString()).toBe('"Grace Hopper"');
    const metrics = await (await request(`http://127.0.0.1:${metricsPort}/metrics`)).body.text();
    expect(metrics).toMatch(/^quittance_codec_payloads_total\{outcome="decoded"\} 1$/m);
    expect(metrics).toMatch(/^quittance_codec_sessions 1$/m);
    await program.stop();
    const log = await readFile(join(logFolder, 'codec-server.log'), 'utf8');
    expect(log).toMatch(/"audit":"decoded","key":"ak_\w+".*"payloads":1/);
    expect(log).toContain('"code":0');
    for (const text of [key, 'Grace', payloadKey.trim()]) expect(log).not.toContain(text);
    await rm(logFolder, { recursive: true });
  },
  inTime(60_000),
);

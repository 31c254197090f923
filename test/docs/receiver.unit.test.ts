import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { request } from 'undici';
import { freePort } from '../../local/ports.ts';
import { programsOf } from '../support/page-examples.ts';

/** The receiver of docs/how-to/receive-notices.md, asked by the library of Standard Webhooks. */
const [receiver] = programsOf('docs/how-to/receive-notices.md');
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const body = JSON.stringify({ type: 'transfer.completed', data: { name: 'Grüße' } });

/** A notice as the platform signs it; a field that is named differs from what was signed. */
type Notice = { id?: string; at?: Date; by?: string; sent?: string };

test('the receiver takes what is signed with its secret, also beside another signature, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-receiver-'));
  const file = join(folder, 'receiver.mjs');
  writeFileSync(file, receiver?.source ?? '');
  const port = await freePort();
  const env = { PATH: process.env['PATH'], WHSEC: secret, PORT: String(port) };
  const program = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = text(program.stdout);
  await once(program.stdout, 'data');
  const status = async ({ id = 'ev_1', at = new Date(), by = secret, sent = body }: Notice, before = '') => {
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': `${before}${new Webhook(by).sign(id, at, body)}`,
    };
    const answer = await request(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: sent });
    await answer.body.dump();
    return answer.statusCode;
  };
  try {
    expect(await status({})).toBe(204);
    expect(await status({ id: 'ev_2' }, 'v1,AAAA ')).toBe(204);
    expect(await status({ sent: body.replace('Gr', 'gr') })).toBe(400);
    expect(await status({ by: `whsec_${Buffer.alloc(32, 8).toString('base64')}` })).toBe(400);
    expect(await status({ at: new Date(Date.now() - 600_000) })).toBe(400);
  } finally {
    program.kill();
    rmSync(folder, { recursive: true });
  }
  expect((await printed).trim()).toMatch(receiver?.prints ?? /^$/);
});

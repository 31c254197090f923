import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { z } from 'zod';
import { type RunningCopy, readState } from '../../local/state-file.ts';

/**
 * Takes the pictures of docs/how-to/read-a-timeline.md from a running copy: `npm start`, then `node docs/pictures/take.ts`.
 * One transfer whose answer is lost, at a bank that does not answer for a while, so that its timeline has a story to tell.
 * CHROMIUM names the browser, LOCAL_DATA the folder of the copy.
 */
const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ready = readState(process.env['LOCAL_DATA'] ?? join(import.meta.dirname, '../../.local'));
const shown = z.object({ id: z.string(), status: z.string() });
/** The bank takes the transfer and never answers: the table is in simulator/README.md. */
const takenAndSilent = '773000600';
const takenAfterMs = 2_000;
/** How long the bank does not answer: several inquiries, and less than what sets attention. */
const awayMs = 10_000;
const settleMs = 3_000;
const patienceMs = 120_000;

if (ready) await take(ready);
else console.error('No copy is running. Run `npm start` first.');

async function take(copy: RunningCopy): Promise<void> {
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const id = await sendIntoSilence(copy);
    await sleep(takenAfterMs);
    await control(copy, { mode: 'hard_down' });
    await waitFor(copy, id, 'unknown');
    await sleep(awayMs);
    const list = `${copy.temporalUi}/namespaces/default/workflows?query=${encodeURIComponent("TransferStatus = 'unknown'")}`;
    await shoot(browser, list, 'unknown-transfers.png');
    await control(copy, { mode: 'up' });
    await waitFor(copy, id, 'completed');
    const story = `${copy.temporalUi}/namespaces/default/workflows/${encodeURIComponent(`inquiry/${id}`)}`;
    await shoot(browser, story, 'timeline-of-an-unknown-transfer.png');
    await shoot(browser, story, 'story-of-an-unknown-transfer.png', 'User Metadata');
  } finally {
    await control(copy, { mode: 'up' });
    await browser.close();
  }
}

async function sendIntoSilence({ api, key, accounts }: RunningCopy): Promise<string> {
  const response = await fetch(`${api}/v1/transfers`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({
      amount: '700',
      currency: 'USD',
      rail: 'instant',
      source: { account_id: accounts.ada },
      destination: { bank: { routing_number: '021000021', account_number: takenAndSilent, name: 'Grace Hopper' } },
    }),
  });
  return shown.parse(await response.json()).id;
}

async function waitFor({ api, key }: RunningCopy, id: string, status: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const response = await fetch(`${api}/v1/transfers/${id}`, { headers: { Authorization: `Bearer ${key}` } });
    if (shown.parse(await response.json()).status === status) return sleep(settleMs);
    await sleep(500);
  }
  throw new Error(`${id} did not become ${status}`);
}

async function control({ simulator, control: token }: RunningCopy, body: object): Promise<void> {
  const address = `${simulator}/control/down`;
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function shoot(browser: Browser, address: string, name: string, tab?: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1_050 }, deviceScaleFactor: 1 });
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  await sleep(settleMs * 2);
  if (tab) await page.getByText(tab, { exact: true }).click();
  if (tab) await sleep(settleMs);
  await page.screenshot({ path: join(import.meta.dirname, name) });
  await page.close();
  console.log(`${name} from ${address}`);
}

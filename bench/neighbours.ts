import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readState } from '../local/state-file.ts';
import { createClient, type Sent } from './neighbours/client.ts';

const usage = `Who waits for whom on the instant rail of a running platform (npm start), in an open loop.

  npm run bench:neighbours -- [--seconds 60] [--per-second 10] [--api URL --key KEY, of another copy or revision]

Three phases: transfers to banks that answer, alone; the same beside half as many to one bank that never answers, from accounts
of their own; and the same again, alone. Then one account whose bank turns one transfer away. Times are those that the API
tells: from created_at to completed_at, in milliseconds. Open: not final when the phase was over for ten seconds.
`;

/** What the simulator's bank does with each (simulator/README.md). */
const banks = {
  answering: { routing_number: '021000021', account_number: '770000000', name: 'Grace Hopper' },
  silent: { routing_number: '021000089', account_number: '773000600', name: 'Silent Bank' },
  turnsAwayOnce: { routing_number: '021000021', account_number: '773000401', name: 'Grace Hopper' },
} as const;
const lookAfterMs = 10_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'per-second': { type: 'string', default: '10' },
    folder: { type: 'string', default: '.local' },
    api: { type: 'string' },
    key: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = values.help ? say(usage) : await bench();

async function bench(): Promise<number> {
  const { api, key } = values;
  const ready = api && key ? { api, key } : readState(values.folder);
  if (!ready) return say('Nothing runs here: start the platform with `npm start`, then run this again.\n', 2);
  const client = createClient(ready);
  const [quiet, unlucky, ...sources] = await client.openAccounts(22);
  const silentSources = sources.splice(0, 10);
  if (!quiet || !unlucky) return 2;
  const perSecond = Number(values['per-second']);
  const good = { bank: banks.answering, sources, perSecond };
  const silent = { bank: banks.silent, sources: silentSources, perSecond: perSecond / 2 };

  say('| phase | sent | p50 ms | p95 ms | max ms | open |\n| --- | ---: | ---: | ---: | ---: | ---: |\n');
  await phase('alone', client.send(good, toMs(values.seconds)));
  const beside = client.send(silent, toMs(values.seconds));
  await phase('beside a silent bank', client.send(good, toMs(values.seconds)));
  await beside;
  await phase('alone, right after', client.send(good, toMs(values.seconds)));
  const one = { bank: banks.answering, sources: [quiet], perSecond: 2 * perSecond };
  await phase('one account', client.send(one, toMs(values.seconds)));
  await client.send({ bank: banks.turnsAwayOnce, sources: [quiet], perSecond: 1 }, 900);
  await phase('the same, after one 429', client.send(one, toMs(values.seconds)));
  await client.close();
  return 0;

  async function phase(name: string, sending: Promise<Sent[]>): Promise<void> {
    const all = await sending;
    await sleep(lookAfterMs);
    const took = await client.times(all);
    const sorted = took.filter((ms) => ms !== null).sort((a, b) => a - b);
    const at = (share: number) => String(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? '–');
    say(`| ${name} | ${all.length} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${took.length - sorted.length} |\n`);
  }
}

function toMs(seconds: string): number {
  return Number(seconds) * 1_000;
}

function say(text: string, code = 0): number {
  process.stdout.write(text);
  return code;
}

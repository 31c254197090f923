import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClients } from '../../local/drill/clients.ts';
import { createFacts } from '../../local/drill/facts.ts';
import { olderTemporal } from '../../local/drill/older-temporal.ts';
import { type DrillPlatform, startDrillPlatform } from '../../local/drill/platform.ts';
import { type Drill, pointInTime } from '../../local/drill/point-in-time.ts';
import { createSteps } from '../../local/drill/steps.ts';
import { inTime } from '../support/harness/in-time.ts';

/** The drill of docs/runbooks/restore.md, with few transfers: a ledger that is older than the bank and Temporal, then a Temporal that is older than the ledger. */
const count = 24;
const bounds = { setUpMs: inTime(180_000), testMs: inTime(300_000) };

let platform: DrillPlatform;
let drill: Drill;

beforeAll(async () => {
  platform = await startDrillPlatform();
  const clients = await createClients({ api: platform.apiUrl, owner: platform.addresses.owner });
  const steps = createSteps(({ name, seconds, what }) =>
    process.stderr.write(`restore: ${name} ${seconds.toFixed(1)} s ${what}\n`),
  );
  drill = { platform, clients, facts: createFacts(platform), steps, count };
}, bounds.setUpMs);
afterAll(() => platform?.end(), bounds.setUpMs);

test(
  'a ledger restored to a moment: what the bank took since is found, and not paid again when clients repeat it',
  async () => {
    const result = await pointInTime(drill);
    process.stderr.write(`restore: ${JSON.stringify(result)}\n`);
    const atBank = result.repeatedAtBank;
    expect(result).toMatchObject({
      keptFound: result.keptSent,
      lostFound: 0,
      orphans: result.bankForgotten,
      waited: atBank,
      lookAlikes: result.bankForgotten,
      takenWhilePaused: 0,
      doubled: 0,
      notOnce: 0,
      broken: [],
    });
    // A drill that lost nothing would have proven nothing.
    expect(atBank).toBeGreaterThan(count / 2);
    expect(result.bankForgotten).toBeGreaterThan(count / 3);
    expect(result.behind).toBeGreaterThan(0);
  },
  bounds.testMs,
);

test(
  'a Temporal that is older than the ledger: every open transfer ends, once',
  async () => {
    const result = await olderTemporal(drill);
    process.stderr.write(`restore: ${JSON.stringify(result)}\n`);
    expect(result).toMatchObject({ doubled: 0, notOnce: 0, broken: [] });
    expect(result.open).toBeGreaterThan(0);
  },
  bounds.testMs,
);

import { announce } from './announce.ts';
import { checkPrograms } from './check-programs.ts';
import { type Place, takePlace } from './instance.ts';
import { apiPlan, apiUrl, simulatorPlan, simulatorUrl, temporalUiUrl, workerPlan } from './programs.ts';
import { makeSample } from './sample.ts';
import { keepSecrets, noteOwner } from './secrets.ts';
import {
  type Addresses,
  askGiven,
  prepareDatabase,
  startPostgres,
  startRedis,
  startTemporal,
} from './servers/start.ts';
import { type LocalSettings, readLocalSettings } from './settings.ts';
import { inWords } from './start-fault.ts';
import { type Ready, removeReady, writeReady } from './state-file.ts';
import { type Running, runIn } from './supervise/program-group.ts';
import { step } from './terminal.ts';

let stoppedByPerson = false;

/** `npm start`: everything on one machine, from nothing to the first transfer, kept running until Ctrl-C. */
async function main(): Promise<void> {
  const settings = readLocalSettings();
  checkPrograms(settings);
  const place = await takePlace(settings);
  const running = runIn(place);
  stopOnSignal(place, running);
  try {
    await start(settings, place, running);
  } catch (error) {
    await stop(place, running);
    throw error;
  }
}

async function start(settings: LocalSettings, place: Place, running: Running): Promise<void> {
  const startedAt = new Date();
  const addresses = await startServers(settings, running);
  await startPrograms(settings, addresses, running);
  const sample = await makeSample({ owner: addresses.owner, api: apiUrl(settings), folder: place.folder });
  const ready: Ready = {
    api: apiUrl(settings),
    docs: `${apiUrl(settings)}/docs`,
    temporalUi: addresses.temporalUi,
    simulator: simulatorUrl(settings),
    ...sample,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
  };
  noteOwner(place.folder, addresses.owner);
  writeReady(place.folder, ready);
  announce(ready, Date.now() - startedAt.getTime());
}

async function startServers(settings: LocalSettings, running: Running): Promise<Addresses> {
  const secrets = keepSecrets(settings.dataFolder);
  await askGiven(settings);
  const [owner, temporal, redis] = await Promise.all([
    startPostgres(settings, secrets, running),
    startTemporal(settings, running),
    startRedis(settings, secrets, running),
  ]);
  const database = await prepareDatabase(owner, secrets);
  return { owner, database, temporal, temporalUi: temporalUiUrl(settings), redis };
}

async function startPrograms(settings: LocalSettings, addresses: Addresses, running: Running): Promise<void> {
  await Promise.all([
    step('Simulator', async () => {
      await running.start(simulatorPlan(settings));
      return `port ${settings.ports.SIMULATOR_PORT}`;
    }),
    step('Worker', async () => {
      await running.start(workerPlan(settings, addresses));
      return 'all roles';
    }),
    step('API', async () => {
      await running.start(apiPlan(settings, addresses));
      return `port ${settings.ports.API_PORT}`;
    }),
  ]);
}

/** SIGHUP is the terminal being closed. npm sends on what the terminal sends us too, so a repeated signal is the same wish. */
function stopOnSignal(place: Place, running: Running): void {
  const onSignal = () => {
    if (stoppedByPerson) return;
    stoppedByPerson = true;
    process.stdout.write('\nStopping…\n');
    void stop(place, running).then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

async function stop(place: Place, running: Running): Promise<void> {
  removeReady(place.folder);
  await running.stopAll();
  place.leave();
}

try {
  await main();
} catch (error) {
  if (!stoppedByPerson) fail(error); // Else what was cut off in the middle is no fault, and the exit is on its way.
}

function fail(error: unknown): void {
  const sentence = inWords(error);
  process.stderr.write(`\n${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
}

import '../config/environment.ts';

import { foreign } from '../config/environment.ts';
import { keepArchiveKey } from './archive-key.ts';
import { lockInstance } from './instance.ts';
import { keepPayloadKeys } from './payload-keys.ts';
import {
  apiPlan,
  apiUrl,
  codecServerPlan,
  type KeyFiles,
  simulatorPlan,
  simulatorUrl,
  workerPlan,
} from './programs.ts';
import { makeSample } from './sample.ts';
import { controlToken, keepSecrets, type Secrets } from './secrets.ts';
import { checkGivenServers } from './servers/given.ts';
import { type Addresses, startServers } from './servers/start.ts';
import { type LocalSettings, readLocalSettings } from './settings.ts';
import { explainStartFault } from './start-fault.ts';
import { type RunningCopy, removeState, writeState } from './state-file.ts';
import type { ProgramPlan } from './supervise/program.ts';
import { createProgramGroup, type ProgramGroup } from './supervise/program-group.ts';
import { stopWithParent } from './supervise/supervisor.ts';
import { printAs, printLinks, step } from './terminal.ts';

/**
 * What `npm start` runs, in the supervisor process: everything on one machine, from an empty folder to the first transfer,
 * kept running until start.ts ends. A start that fails ends everything again and exits with 1.
 */
const startedAt = new Date();
/** The process of start.ts, which identifies this copy. */
const launcherPid = process.ppid;
let isStopping = false;
let stopEverything = async (): Promise<void> => {};

stopWithParent(() => {
  isStopping = true;
  process.stdout.write('\nStopping…\n');
  return stopEverything();
});
try {
  await run();
} catch (error) {
  // A start that was interrupted fails too, and is exiting already.
  if (!isStopping) await fail(error);
}

async function run(): Promise<void> {
  const settings = readLocalSettings();
  await lockInstance(settings, printAs('Start'));
  const names = Object.keys(foreign);
  if (names.length > 0)
    printAs('Start')(`variables of the shell without effect on what runs here: ${names.join(', ')}`);
  const group = createProgramGroup({ logFolder: `${settings.dataFolder}/logs`, printAs });
  stopEverything = async () => {
    removeState(settings.dataFolder);
    await group.stopAll();
  };
  const secrets = keepSecrets(settings.dataFolder);
  await checkGivenServers(settings);
  const addresses = await startServers({ settings, secrets, group });
  await startPrograms({ settings, addresses, secrets, group });
  const copy = await describeCopy({ settings, addresses, secrets, group });
  writeState(settings.dataFolder, copy);
  printLinks(copy, Date.now() - startedAt.getTime());
}

type Started = { settings: LocalSettings; addresses: Addresses; secrets: Secrets; group: ProgramGroup };

async function startPrograms({ settings, addresses, secrets, group }: Started): Promise<void> {
  const { ports, workerRoles } = settings;
  const keys = keyFiles(settings);
  const start = (name: string, plan: ProgramPlan, about: string) =>
    step(
      name,
      () => group.start(plan),
      () => about,
    );
  await Promise.all([
    start('Simulator', simulatorPlan(settings, controlToken(secrets)), `port ${ports.SIMULATOR_PORT}`),
    start('Worker', workerPlan(settings, addresses, keys), `roles: ${workerRoles.join(', ')}`),
    start('API', apiPlan(settings, addresses, keys), `port ${ports.API_PORT}`),
    start('Codec', codecServerPlan(settings, keys), `port ${ports.CODEC_SERVER_PORT}`),
  ]);
}

// A declaration, because the start above runs before a constant below it has its value.
function keyFiles(settings: LocalSettings): KeyFiles {
  return { archiveKey: keepArchiveKey(settings), payloadKeys: keepPayloadKeys(settings) };
}

async function describeCopy({ settings, addresses, secrets }: Started): Promise<RunningCopy> {
  const { owner, database, storage, temporal } = addresses;
  const api = apiUrl(settings);
  const sample = await makeSample({ owner, api, folder: settings.dataFolder });
  return {
    ...{ api, docs: `${api}/docs`, temporal, temporalUi: settings.temporalUiUrl, simulator: simulatorUrl(settings) },
    ...{ codecServer: settings.codecServerUrl, control: controlToken(secrets) },
    ...{ owner, reader: database.quittance_reader, storage, ...keyFiles(settings), ...sample },
    ...{ pid: launcherPid, startedAt: startedAt.toISOString() },
  };
}

async function fail(error: unknown): Promise<never> {
  await stopEverything();
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\n${explainStartFault(error) ?? stack}\n`);
  process.exit(1);
}

import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Env } from '../../config/env.ts';
import { temporalTlsFault, toClientConnection } from '../../config/temporal.ts';
import type { Print } from '../start-fault.ts';
import type { ProgramPlan } from '../supervise/program.ts';
import type { ProgramGroup } from '../supervise/program-group.ts';
import { findTemporal } from './find-temporal.ts';

/**
 * A Temporal dev server that we start. Without `uiPort` it has no UI. `codecUrl`: the codec server that its UI asks. `dynamic`: settings of the
 * server besides ours.
 */
export type TemporalOptions = {
  folder: string;
  port: number;
  uiPort?: number;
  codecUrl?: string;
  dynamic?: Readonly<Record<string, string>>;
};

const databaseFile = 'temporal.db';
const answerWithinMs = 2_000;
/** SQLite's messages for a file that it cannot read: SQLITE_NOTADB, SQLITE_CORRUPT. */
const damagedForm = /file is not a database|database disk image is malformed|malformed database schema/i;

/** So that the web UI can filter by them; the worker registers them too, because a file that exists ignores these. */
const searchAttributes = { TransferStatus: 'Keyword', Rail: 'Keyword', TenantId: 'Keyword', NeedsAttention: 'Bool' };

/** Limits that would be reached before the machine's, and fewer polls and partitions than a cluster needs. */
const dynamicSettings = {
  'frontend.rps': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.namespaceCount': 100_000,
  'history.rps': 100_000,
  'matching.rps': 100_000,
  'frontend.persistenceMaxQPS': 100_000,
  'history.persistenceMaxQPS': 100_000,
  'matching.persistenceMaxQPS': 100_000,
  'history.visibilityProcessorMaxPollRPS': 1,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'system.enableActivityEagerExecution': true,
};

/** Starts one, and returns its address and where its program comes from. */
export async function startTemporal(
  options: TemporalOptions,
  group: ProgramGroup,
  print: Print,
): Promise<{ address: string; origin: string }> {
  const binary = await findTemporal(print);
  await group.start(temporalPlan(binary.path, options));
  return { address: addressOf(options), origin: binary.origin };
}

/** All its data is in one file, so a SIGKILL loses nothing. */
export function temporalPlan(binary: string, options: TemporalOptions): ProgramPlan {
  const { folder, port, uiPort, codecUrl, dynamic } = options;
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'];
  // Its name becomes a URI, in which a folder with a # or a ? would end: it works in that folder.
  args.push('--db-filename', databaseFile, '--sqlite-pragma', 'journal_mode=WAL');
  // NORMAL flushes at checkpoints: enough for the death of a process, which is what happens on a laptop.
  args.push('--sqlite-pragma', 'synchronous=NORMAL');
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]));
  if (uiPort !== undefined && codecUrl !== undefined) args.push('--ui-codec-endpoint', codecUrl);
  for (const [name, type] of Object.entries(searchAttributes)) args.push('--search-attribute', `${name}=${type}`);
  for (const [name, value] of Object.entries({ ...dynamicSettings, ...dynamic }))
    args.push('--dynamic-config-value', `${name}=${value}`);
  return {
    name: 'temporal',
    command: binary,
    args: [...args, '--disable-config-file', '--ui-disable-news-fetch'],
    // The server would read TEMPORAL_ADDRESS and the like as its own settings; it needs none of our environment.
    env: { PATH: process.env['PATH'], HOME: folder },
    cwd: folder,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
    answers: () => temporalAnswers(plain(addressOf(options))),
    readyWithinMs: 60_000,
    loudness: 'nothing',
    advice: (lines) => (damagedForm.test(lines) ? deleteAndStart(folder) : null),
  };
}

/** A Temporal of ours speaks plain text and has one namespace. */
const plain = (address: string) => ({ address, namespace: 'default', uiUrl: '', apiKey: null, tls: null });

const addressOf = ({ port }: TemporalOptions): string => `127.0.0.1:${port}`;

/** This is safe: every open transfer is a row in Postgres too, and continues from there. */
const deleteAndStart = (folder: string): string =>
  `Temporal's file ${join(folder, databaseFile)} is damaged: delete it with its -wal and -shm and start again; every open transfer continues from its row in Postgres.`;

/** Whether a Temporal with that namespace answers there. Throws why not: of TLS the client itself only says that it waited. */
export async function temporalAnswers(temporal: Env['temporal']): Promise<boolean> {
  const { namespace } = temporal;
  const options = { ...toClientConnection(temporal), connectTimeout: answerWithinMs };
  const connection = await Connection.connect(options).catch(async (error: unknown) => {
    throw (await temporalTlsFault(temporal)) ?? causeOf(error);
  });
  try {
    await connection.withDeadline(Date.now() + answerWithinMs, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return true;
  } finally {
    await connection.close();
  }
}

/** The client wraps what the server answered. */
const causeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'cause' in error && error.cause ? error.cause : error;

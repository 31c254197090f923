import { pino } from 'pino';
import { createApp } from './app.ts';
import { openBank } from './bank.ts';
import { listen } from './server.ts';
import { readSettings } from './settings.ts';

/** The bank simulator as a program. Settings: SIMULATOR_HOST, SIMULATOR_PORT, SIMULATOR_JOURNAL, SIMULATOR_CONTROL_TOKEN, LOG_LEVEL. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({ name: 'simulator', level: settings.logLevel });
  // The port before the journal: a second start beside the first must fail before it touches the first one's file.
  const server = await listen(settings);
  const bank = await openBank({ path: settings.journal, log });
  const answer = createApp(bank, { url: server.url, controlToken: settings.controlToken }).callback();
  server.serve((request, response) => void answer(request, response));
  log.info({ url: server.url, journal: settings.journal, instructions: bank.state.taken.length }, 'listening');

  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'stopping');
    await server.stop();
    await bank.journal.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop(signal));
}

try {
  await main();
} catch (cause) {
  // A start that failed: one sentence for the person who started it, and a code for a supervisor.
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
}

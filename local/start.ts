import { join } from 'node:path';
import { startSupervisor, stopSupervisor } from './supervise/supervisor.ts';

/**
 * `npm start`: the process at the terminal. It holds the pipe to the supervisor process, which runs run.ts and ends
 * everything when that pipe closes: at Ctrl-C, when the terminal is closed (SIGHUP), and when this process is killed.
 */
const supervisor = startSupervisor(join(import.meta.dirname, 'run.ts'), [], 'inherit');
// npm also passes on what the terminal sends to us, so a signal may arrive twice.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stopSupervisor(supervisor));

supervisor.once('exit', (code, signal) => {
  if (signal) process.stderr.write(`\nThe supervisor of the programs was ended by ${signal}, and they with it.\n`);
  process.exitCode = code ?? 1;
});

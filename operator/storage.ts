import { Command } from 'commander';
import { type Env, readEnv } from '../config/env.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { contract } from '../storage/contract.ts';
import { openStorage } from '../storage/open.ts';
import type { Retention } from '../storage/port.ts';
import { retentionFrom } from '../storage/retention.ts';

/** `operator storage …` */
export function storageCommand(): Command {
  const command = new Command('storage').description('the object store: where statements and the archive are kept');
  command
    .command('check')
    .description('ask the store of STORAGE_URL for everything that we need of it, with objects that stay for a day')
    .action(async () => {
      const env = readEnv();
      process.exitCode = (await check(env.storage, `${env.api.publicUrl}/objects`)) ? 0 : 1;
    });
  return command;
}

const dayMs = 86_400_000;

/** Prints each promise with what the store did. Returns whether all are kept. */
async function check({ url, retention, ...address }: Env['storage'], linkBase: string): Promise<boolean> {
  if (url === null) throw new ExplainedError('There is no object store: set STORAGE_URL.');
  const store = openStorage({ ...address, url }, { linkBase });
  const brief: Retention = { mode: retention.mode, until: new Date(Date.now() + dayMs) };
  let broken = 0;
  try {
    for (const { promise, breach } of contract) {
      const found = await breach({ store, retention: brief });
      process.stdout.write(
        `${found === null ? 'ok    ' : 'BROKEN'}  ${promise}\n${found === null ? '' : `        ${found}\n`}`,
      );
      broken += found === null ? 0 : 1;
    }
  } finally {
    store.close();
  }
  const until = retentionFrom(new Date(), retention).until.toISOString().slice(0, 10);
  const verdict = broken === 0 ? 'The store keeps its promises.' : 'The store does NOT keep its promises.';
  process.stdout.write(`${verdict} What is put today is kept until ${until}, in ${retention.mode} mode.\n`);
  return broken === 0;
}

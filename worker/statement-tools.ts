import { availableParallelism } from 'node:os';
import { Counter, type Registry } from 'prom-client';
import type { StatementTools } from '../activities/statements/deps.ts';
import type { Env } from '../config/env.ts';
import { createRenderers } from '../statements/render/renderers.ts';
import { openStorage } from '../storage/open.ts';

/** `threads` null: as many as this machine has room for. `linkBase` as {@link openStorage}. */
export type StatementToolsOptions = {
  storage: Env['storage'];
  threads: number | null;
  linkBase: string;
  registry?: Registry;
};

/** Threads that nobody asked for: each renders on a core of its own, and may need 400 MB. */
const threadsMax = 4;

/**
 * What a process makes statements with. The object store and the threads are opened when the first statement is made, so that a worker of
 * other roles has neither. `open` is null where no store is set.
 */
export function createStatementTools({ storage, linkBase, registry, ...options }: StatementToolsOptions) {
  const { url, retention, ...address } = storage;
  const threads = options.threads ?? Math.min(Math.max(availableParallelism() - 1, 1), threadsMax);
  const missing = new Counter({
    name: 'quittance_statement_missing_glyphs_total',
    help: 'Characters that no font of a statement has. Each is printed as a question mark.',
    registers: registry ? [registry] : [],
  });
  const openBoth = (storageUrl: NonNullable<typeof url>) => ({
    store: openStorage({ ...address, url: storageUrl }, { linkBase }),
    renderers: createRenderers({ threads, onMissingGlyphs: (count) => missing.inc(count) }),
  });
  let tools: ReturnType<typeof openBoth> | null = null;
  return {
    threads,
    retention,
    open: url && ((): StatementTools => (tools ??= openBoth(url))),
    close: async (): Promise<void> => {
      tools?.store.close();
      await tools?.renderers.close();
    },
  };
}

import { readEnv } from '../config/env.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { openStorage } from '../storage/open.ts';
import type { ObjectStore } from '../storage/port.ts';

/** Runs an operator's command with the object store of STORAGE_URL, which is closed afterwards. Throws what `work` throws. */
export async function withStore<T>(work: (store: ObjectStore) => Promise<T>): Promise<T> {
  const { url, ...address } = readEnv().storage;
  if (url === null) throw new ExplainedError('There is no object store: set STORAGE_URL.');
  // It makes no links.
  const store = openStorage({ ...address, url }, { linkBase: '' });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

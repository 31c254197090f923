import { existsSync } from 'node:fs';
import { folderSource } from '../archive-verification/folder-source.ts';
import type { Source } from '../archive-verification/source.ts';
import { storeSource } from '../archive-verification/store-source.ts';
import { readStorage } from '../config/env.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { openStorage } from '../storage/open.ts';

/** Does something with the archive in a place: `store`, which is that of STORAGE_URL, or a folder with a copy. */
export async function withArchive<T>(place: string, work: (source: Source) => Promise<T>): Promise<T> {
  if (place !== 'store') {
    if (!existsSync(place))
      throw new ExplainedError(`There is no folder ${place}. For the object store write \`store\`.`);
    return await work(folderSource(place));
  }
  const { url, retention, ...address } = readStorage();
  if (url === null) throw new ExplainedError('There is no object store: set STORAGE_URL.');
  // It makes no links.
  const store = openStorage({ ...address, url }, { linkBase: '' });
  try {
    return await work(storeSource(store, retention));
  } finally {
    store.close();
  }
}

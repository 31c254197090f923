import type { ArchiveTools } from '../activities/archive/deps.ts';
import { type KmsServer, openSigners } from '../archive/signers.ts';
import { once } from '../concurrency/once.ts';
import type { Env } from '../config/env.ts';
import type { Log } from '../config/log.ts';
import packageJson from '../package.json' with { type: 'json' };
import { openStorage } from '../storage/open.ts';

type Store = ReturnType<typeof openStorage>;

/** It makes no links. */
const noLinks = { linkBase: '' };

/**
 * What a process archives with. The stores are opened when the first segment is put, and when the first copy is, so that a worker of other
 * roles has neither. `open` is null where no store or no key is set, `openCopy` where no second store is; `signers` asks for the public keys of those
 * that sign, once, and again after it has failed. `kms`: another server than Amazon's.
 */
export function createArchiveTools({ storage, archive }: Pick<Env, 'storage' | 'archive'>, kms?: KmsServer) {
  const { url, retention, ...address } = storage;
  const { keys, kmsKeys, keyName, origin, copy } = archive;
  const copyUrl = copy.url;
  const hasKeys = keys !== null || kmsKeys.length > 0;
  let store: Store | null = null;
  let copyStore: Store | null = null;
  const signers = once(() => openSigners({ pem: keys?.reveal() ?? null, kms: kmsKeys, name: keyName }, kms));
  const openTools = (storageUrl: NonNullable<typeof url>) => async (): Promise<ArchiveTools> => {
    const own = await signers();
    store ??= openStorage({ ...address, url: storageUrl }, noLinks);
    return { store, signers: own };
  };
  return {
    ...{ origin, retention, software: `${packageJson.name} ${packageJson.version}` },
    /** At the start, so that a key which cannot be asked is a line in the log before a segment waits for it. Throws nothing. */
    saySigners: async (log: Log): Promise<void> => {
      if (!hasKeys) return;
      const say = (own: Awaited<ReturnType<typeof signers>>) =>
        log.info({ signers: own.map(({ verifierKey }) => verifierKey) }, 'the archive is signed by these keys');
      await signers().then(say, (err: unknown) =>
        log.warn({ err }, 'a key that signs the archive cannot be asked now'),
      );
    },
    open: url && hasKeys ? openTools(url) : null,
    openCopy: copyUrl && ((): Store => (copyStore ??= openStorage({ ...copy, url: copyUrl }, noLinks))),
    close: (): void => {
      store?.close();
      copyStore?.close();
    },
  };
}

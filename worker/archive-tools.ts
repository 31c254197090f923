import type { ArchiveTools } from '../activities/archive/deps.ts';
import { signersFrom } from '../archive/signer.ts';
import type { Env } from '../config/env.ts';
import packageJson from '../package.json' with { type: 'json' };
import { openStorage } from '../storage/open.ts';

type Store = ReturnType<typeof openStorage>;

/** It makes no links. */
const noLinks = { linkBase: '' };

/**
 * What a process archives with. The stores are opened when the first segment is put, and when the first copy is, so that a worker of other
 * roles has neither. `open` is null where no store or no key is set, `openCopy` where no second store is.
 */
export function createArchiveTools({ storage, archive }: Pick<Env, 'storage' | 'archive'>) {
  const { url, retention, ...address } = storage;
  const { keys, keyName, origin, copy } = archive;
  const copyUrl = copy.url;
  let store: Store | null = null;
  let copyStore: Store | null = null;
  const openTools = (storageUrl: NonNullable<typeof url>, pem: NonNullable<typeof keys>): (() => ArchiveTools) => {
    const signers = signersFrom(pem.reveal(), keyName);
    return () => {
      store ??= openStorage({ ...address, url: storageUrl }, noLinks);
      return { store, signers };
    };
  };
  return {
    ...{ origin, retention, software: `${packageJson.name} ${packageJson.version}` },
    open: url && keys && openTools(url, keys),
    openCopy: copyUrl && ((): Store => (copyStore ??= openStorage({ ...copy, url: copyUrl }, noLinks))),
    close: (): void => {
      store?.close();
      copyStore?.close();
    },
  };
}

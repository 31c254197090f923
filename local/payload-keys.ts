import { existsSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { newPayloadKey } from '../encryption/key-file.ts';
import type { LocalSettings } from './settings.ts';

/**
 * The file with the key that encrypts what Temporal stores for this copy: made once in its data folder, readable by its owner only. Null when a setting says
 * which keys there are, or that nothing is encrypted, which the programs get as it is.
 */
export function keepPayloadKeys({
  dataFolder,
  encryption,
}: Pick<LocalSettings, 'dataFolder' | 'encryption'>): string | null {
  const { keys, kmsKeys, isOff } = encryption;
  if (keys !== null || kmsKeys.length > 0 || isOff) return null;
  const path = join(dataFolder, 'payload-keys.txt');
  if (!existsSync(path)) writeFileAtomic.sync(path, newPayloadKey(), { mode: 0o600 });
  return path;
}

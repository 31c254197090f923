import { existsSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { newArchiveKey } from '../operator/archive-key.ts';
import type { LocalSettings } from './settings.ts';

/**
 * The file with the key that signs the archive of this copy: made once in its data folder, readable by its owner only. Null when ARCHIVE_KEY_PATH
 * or ARCHIVE_KMS_KEY names another, which the programs get as it is.
 */
export function keepArchiveKey({ dataFolder, archive }: Pick<LocalSettings, 'dataFolder' | 'archive'>): string | null {
  if (archive.keys !== null || archive.kmsKeys.length > 0) return null;
  const path = join(dataFolder, 'archive-key.pem');
  if (!existsSync(path)) writeFileAtomic.sync(path, newArchiveKey(), { mode: 0o600 });
  return path;
}

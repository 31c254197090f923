import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';

/** The content of a JSON file; null when it is absent, damaged or of another shape, which callers treat as not written yet. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Writes a JSON file so that a reader sees the old text or the new one, never half. Only its owner may read it. */
export function writeJson(path: string, value: unknown): void {
  writeFileAtomic.sync(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

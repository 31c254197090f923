import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of rules for cfn-guard. */
export type GuardRules = { name: string; content: string };

const folder = join(import.meta.dirname, 'guard');

/** Our own rules, which the packs do not have: PCI DSS 4.0.1 and what this platform promises. One file a subject. */
export const guardRules = (): GuardRules[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.guard'))
    .toSorted()
    .map((file) => ({ name: file.replace('.guard', ''), content: readFileSync(join(folder, file), 'utf8') }));

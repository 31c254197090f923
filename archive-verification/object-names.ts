/** What the archive has of a segment, and a tenant's own part of it: the suffix of each. */
const suffixes = {
  manifest: 'json',
  checkpoint: 'note',
  segment: 'jsonl.gz',
  slices: 'slices',
  slice: 'slice',
  records: 'records.gz',
} as const;

export type ObjectKind = keyof typeof suffixes;
export type ObjectName = { epoch: number; n: number; kind: ObjectKind };

const form = /^([1-9]\d{0,7})-(\d{8})\.([a-z.]+)$/;

/** The segment and the kind of an object of that name; null for anything else that lies there. */
export function parseName(key: string): ObjectName | null {
  const [, epoch, n, suffix] = form.exec(key) ?? [];
  const kind = kinds.find((one) => suffixes[one] === suffix);
  return kind ? { epoch: Number(epoch), n: Number(n), kind } : null;
}

/** How the object of that kind is called. */
export const nameOf = ({ epoch, n, kind }: ObjectName): string =>
  `${epoch}-${String(n).padStart(8, '0')}.${suffixes[kind]}`;

const kinds: readonly ObjectKind[] = ['manifest', 'checkpoint', 'segment', 'slices', 'slice', 'records'];

import { check } from './check.ts';

/**
 * Public ids are TypeIDs (specification 0.3, docs/ids.md): a prefix that names the thing, `_`, and the 128 bits of a UUIDv7
 * in base 32 (26 characters, strict lower case). They sort by time because a UUIDv7 starts with its milliseconds. The
 * database stores the UUID; clients see this text. Written here because it is short, and the domain takes a package only for IP addresses.
 */
export const prefixes = {
  tenant: 'tn',
  apiKey: 'ak',
  account: 'ac',
  transfer: 'tr',
  entry: 'en',
  posting: 'po',
  event: 'ev',
  group: 'gr',
  webhookEndpoint: 'we',
  delivery: 'de',
  auditRecord: 'au',
  hold: 'ho',
  holdCapture: 'hc',
  statement: 'st',
  statementRun: 'sr',
  checkpoint: 'cp',
} as const;

export type Thing = keyof typeof prefixes;
/** A UUID as Postgres prints it: lower case, with hyphens. */
export type Uuid = string;

const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const publicForm = /^([a-z]{2})_([0-7][0-9a-hjkmnp-tv-z]{25})$/;
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The text that clients see for a UUID: `toPublic('transfer', uuid)` → `tr_01k…`. A Bug if the UUID is malformed. */
export function toPublic(thing: Thing, uuid: Uuid): string {
  check(uuidForm.test(uuid), `not a UUID: ${uuid.slice(0, 64)}`);
  // 128 bits in 26 digits of 5 bits, of which the first begins with two bits that are 0. In plain numbers, because ids are most of what is archived.
  const codes: number[] = [];
  let bits = 0;
  let count = 2;
  for (let i = 0; i < uuid.length; i += 1) {
    const code = uuid.charCodeAt(i);
    if (code === hyphen) continue;
    bits = ((bits << 4) | (code < letterA ? code - digit0 : code - letterA + 10)) & 0xff;
    count += 4;
    if (count < 5) continue;
    count -= 5;
    codes.push(digits.charCodeAt((bits >> count) & 31));
  }
  return `${prefixes[thing]}_${String.fromCharCode(...codes)}`;
}

/** Characters of a UUID by their codes. */
const [hyphen, digit0, letterA] = [45, 48, 97];

/** The UUID behind a public id, or null when the text is not an id of that thing. Malformed input is null; it never throws. */
export function fromPublic(thing: Thing, text: string): Uuid | null {
  const match = publicForm.exec(text);
  if (!match || match[1] !== prefixes[thing]) return null;
  let bits = 0n;
  for (const digit of match[2] ?? '') bits = (bits << 5n) | BigInt(digits.indexOf(digit));
  const hex = bits.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The instant inside a UUIDv7, in milliseconds since 1970 UTC. */
export function millisecondsOf(uuid: Uuid): number {
  check(uuidForm.test(uuid), `not a UUID: ${uuid.slice(0, 64)}`);
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

/**
 * The key of one attempt at a rail: an encoding of transfer and attempt number. The same attempt always has the same key,
 * so a report finds its row without an index, and a retry cannot make a second key
 * (docs/adr/0006-protected-twice-by-id.md). 28 characters, fits EndToEndId.
 */
export function toRailKey(transferId: Uuid, attempt: number): string {
  check(Number.isInteger(attempt) && attempt >= 1 && attempt <= 32, `attempt out of range: ${attempt}`);
  return `${toPublic('transfer', transferId).slice(3)}Q${digits.charAt(attempt - 1)}`.toUpperCase();
}

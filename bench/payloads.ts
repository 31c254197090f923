import { createPayloadCodec } from '../encryption/codec.ts';
import { newPayloadKey } from '../encryption/key-file.ts';
import { openPayloadKeys } from '../encryption/open-keys.ts';

/** `npx node bench/payloads.ts`: CPU of one payload, encrypted and decrypted, by its size. Needs nothing that runs. */
const sizes = [200, 1_000, 10_000, 100_000];
const rounds = 7;
/** Bytes of all payloads of a round. */
const roundBytes = 4_000_000;

const file = newPayloadKey();
const keys = await openPayloadKeys({ keys: { reveal: () => file }, kmsKeys: [], encryptWith: 'file' });
const codec = createPayloadCodec(keys);
process.stdout.write('bytes | encrypt µs | decrypt µs\n');
for (const size of sizes) {
  const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.alloc(size, 'x') };
  const stored = await codec.encode([payload]);
  const count = Math.min(roundBytes / size, 4_000);
  const encrypt = await medianMicros(count, () => codec.encode([payload]));
  const decrypt = await medianMicros(count, () => codec.decode(stored));
  process.stdout.write(`${size} | ${encrypt.toFixed(1)} | ${decrypt.toFixed(1)}\n`);
}

async function medianMicros(count: number, work: () => Promise<unknown>): Promise<number> {
  const figures: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < count; n += 1) await work();
    const { user, system } = process.cpuUsage(before);
    figures.push((user + system) / count);
  }
  return figures.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

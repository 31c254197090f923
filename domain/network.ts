import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * The normal form of a network in CIDR notation, or null: `192.0.2.7` → `192.0.2.7/32`. A network whose address has bits after
 * its prefix is none: `192.0.2.7/24` may mean one address or 256. An IPv4 address written as IPv6 is the IPv4 one.
 */
export function toNetwork(text: string): string | null {
  const read = readNetwork(text);
  return read === null ? null : `${read.address.toString()}/${read.bits}`;
}

/** Whether an address is in a network that {@link toNetwork} returned. False for what is no address. */
export function isInNetwork(address: string, network: string): boolean {
  const inner = readNetwork(address);
  return inner !== null && holds(network, inner);
}

/** Whether each of the networks is part of one of the others. All of them are forms that {@link toNetwork} returned. */
export const areWithin = (networks: readonly string[], others: readonly string[]): boolean =>
  networks.every((network) => {
    const inner = readNetwork(network);
    return inner !== null && others.some((other) => holds(other, inner));
  });

type Network = { address: Address; bits: number };

function holds(network: string, { address, bits }: Network): boolean {
  const outer = readNetwork(network);
  return (
    outer !== null &&
    outer.bits <= bits &&
    outer.address.kind() === address.kind() &&
    // Both are of one kind, which the two classes of the package cannot say to the compiler.
    (address.kind() === 'ipv4'
      ? ipaddr.IPv4.parse(address.toString()).match([ipaddr.IPv4.parse(outer.address.toString()), outer.bits])
      : ipaddr.IPv6.parse(address.toString()).match([ipaddr.IPv6.parse(outer.address.toString()), outer.bits]))
  );
}

// The package also reads `1`, `0x7f.1` and zones, which people do not mean.
const addressForm = /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(\/([0-9]{1,3}))?$/;

function readNetwork(text: string): Network | null {
  const [, written = '', , , prefix] = addressForm.exec(text) ?? [];
  if (!ipaddr.isValid(written) || /(^|\.)0[0-9]/.test(written)) return null;
  const address = ipaddr.process(written);
  // `::ffff:192.0.2.0/120` is the IPv4 network of 24 bits.
  const shift = ipaddr.parse(written).kind() === address.kind() ? 0 : 96;
  const bitsMax = address.kind() === 'ipv4' ? 32 : 128;
  const bits = prefix === undefined ? bitsMax : Number(prefix) - shift;
  if (bits < 0 || bits > bitsMax) return null;
  return hasNoBitsAfter(address, bits) ? { address, bits } : null;
}

const hasNoBitsAfter = (address: Address, bits: number): boolean =>
  address.toByteArray().every((byte, n) => (byte & (0xff >> Math.min(Math.max(bits - 8 * n, 0), 8))) === 0);

import type { DocumentWithPostings } from '../schema.ts';

/** An element with elements in it, in their sequence; what is undefined is left out. */
export type Node = { [name: string]: string | Node | Node[] | undefined };

/** A decimal amount without a sign, as ISO 20022 has it: `12.50`. */
export function decimal(minor: bigint, exponent: number): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** An amount with its currency, and which way it goes: the two elements that always stand together. */
export const signedAmount = (minor: bigint, { account }: DocumentWithPostings): Node => ({
  Amt: { '@Ccy': account.currency, '#': decimal(minor, account.exponent) },
  CdtDbtInd: minor < 0n ? 'DBIT' : 'CRDT',
});

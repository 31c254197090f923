import { placeKey } from './epochs.ts';
import { isSignedBy, type Note, parseVerifierKey, type VerifierKey } from './signed-note.ts';
import type { Step } from './steps.ts';

/** Who signed a note: with a key that is trusted, or at least with one that a manifest names. `fault`: what is wrong with its signatures. */
export type Judgement = { isTrusted: boolean; fault: string | null };

/**
 * Which keys count. Trusted are those that the verifier names, and from a checkpoint on that one of them signed those that manifests under it
 * name as signers: so keys change. A manifest that nothing trusted covers makes no key trusted.
 */
export type Trust = {
  /** Learns which keys the manifest of a segment names. */
  learn(step: Step): void;
  judge(note: Note): Judgement;
  /** A trusted key signed the tree up to here, and that tree is the one that is here. */
  accept(): void;
  /** Whether a key that is trusted in the end signed it. */
  isTrusted(note: Note): boolean;
};

/** `pinned`: the keys that the verifier was given. */
export function createTrust(pinned: readonly VerifierKey[]): Trust {
  const trusted = new Map(pinned.map((key) => [key.text, key]));
  // What the manifests of the way to where an epoch begins named is named there too.
  const atForks = new Map<string, Map<string, VerifierKey>>();
  let claimed = new Map<string, VerifierKey>();
  const known = () => [...new Map([...trusted, ...claimed]).values()];
  return {
    learn: (step) => {
      if (step.place === 1) claimed = new Map(step.before ? atForks.get(placeKey(step.before)) : []);
      for (const text of step.manifest?.signers ?? []) {
        const key = claimed.has(text) ? null : parseVerifierKey(text);
        if (key) claimed.set(text, key);
      }
      if (step.isFork) atForks.set(placeKey(step), new Map(claimed));
    },
    judge: (note) => {
      const signers = signersOf(note, known());
      if (signers.wrong !== null)
        return { isTrusted: false, fault: `the signature of ${signers.wrong} is not its own` };
      if (signers.right.length === 0) return { isTrusted: false, fault: 'no key that is known signed it' };
      return { isTrusted: signers.right.some(({ text }) => trusted.has(text)), fault: null };
    },
    accept: () => {
      for (const [text, key] of claimed) trusted.set(text, key);
    },
    isTrusted: (note) => signersOf(note, [...trusted.values()]).right.length > 0,
  };
}

/** Of these keys, those that signed a note, and the first one in whose name somebody else did. */
function signersOf({ text, signatures }: Note, keys: readonly VerifierKey[]) {
  const right: VerifierKey[] = [];
  let wrong: string | null = null;
  for (const signature of signatures)
    for (const key of keys) {
      if (key.name !== signature.name || key.id !== signature.id) continue;
      if (isSignedBy(text, signature, key)) right.push(key);
      else wrong ??= key.text;
    }
  return { right, wrong };
}

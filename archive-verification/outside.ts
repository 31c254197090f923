import type { Finding } from '../ledger/verify/run.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { type Note, parseNote } from './signed-note.ts';
import { createTally } from './tally.ts';

/** A checkpoint that somebody kept: `name` is what people call it, a file; `text` the note. */
export type OutsideCheckpoint = { name: string; text: string };

/** Compares checkpoints from outside with the trees of the archive while those grow. */
export type Outside = {
  /** The tree of an epoch with so many manifests. */
  see(here: Checkpoint): void;
  /** `isTrusted`: whether a key that counts signed it. */
  finding(isTrusted: (note: Note) => boolean): Finding;
};

type Kept = { name: string; note: Note | null; says: Checkpoint | null; fault: string | null; isSeen: boolean };

export function createOutside(checkpoints: readonly OutsideCheckpoint[]): Outside {
  const tally = createTally('outside', 'What was signed before and kept outside is a part of this archive.');
  const sizes = new Map<number, number>();
  const kept = checkpoints.map(({ name, text }): Kept => {
    const note = parseNote(text);
    return { name, note, says: note && parseCheckpoint(note.text), fault: null, isSeen: false };
  });
  return {
    see: (here) => {
      sizes.set(here.epoch, here.size);
      for (const one of kept) {
        if (one.says?.epoch !== here.epoch || one.says.size !== here.size) continue;
        one.isSeen = true;
        if (one.says.root !== here.root || one.says.origin !== here.origin)
          one.fault = `it signs another tree of ${here.size} manifests: this archive has another history`;
      }
    },
    finding: (isTrusted) => {
      for (const { name, note, says, fault, isSeen } of kept) {
        const wrong =
          note === null || says === null
            ? 'it is no checkpoint'
            : isTrusted(note)
              ? (fault ?? (isSeen ? null : faultOfLength(says, sizes.get(says.epoch) ?? 0)))
              : 'no key that is trusted signed it';
        tally.add(wrong && `${name}: ${wrong}`);
      }
      return tally.finding();
    },
  };
}

const faultOfLength = ({ epoch, size }: Checkpoint, found: number): string =>
  `it signs ${size} manifests, and epoch ${epoch} of this archive ends at ${found}`;

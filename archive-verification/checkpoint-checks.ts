import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { createGrowingTree } from './growing-tree.ts';
import type { Check } from './manifest-checks.ts';
import { createOutside, type OutsideCheckpoint } from './outside.ts';
import { type Note, parseNote, textOfNote, type VerifierKey } from './signed-note.ts';
import { type Step, segmentName } from './steps.ts';
import { createTally } from './tally.ts';
import { leafHash } from './tree.ts';
import { createTrust } from './trust.ts';

/** What a verifier brings from outside of the archive: keys that it trusts, and checkpoints that it kept. */
export type FromOutside = { keys: readonly VerifierKey[]; checkpoints: readonly OutsideCheckpoint[] };

/** The newest checkpoint of all, as it is there. */
export type Head = Checkpoint & { isTrusted: boolean };

/** Whether each checkpoint signs the tree of the manifests up to it, and those that were kept outside are of the same history. */
export function createCheckpointChecks({ keys, checkpoints }: FromOutside): Check & { head(): Head | null } {
  const tally = createTally(
    'checkpoints',
    'Each checkpoint signs the tree over the manifests of its epoch up to it, and the newest one a key that is trusted.',
  );
  const trust = createTrust(keys);
  const outside = createOutside(checkpoints);
  const ends = new Map<number, Checkpoint>();
  let tree = createGrowingTree();
  let head: (Head & { of: string }) | null = null;
  return {
    see: (step) => {
      if (step.place === 1) tree = createGrowingTree();
      const abandoned = faultOfEnd(step, ends);
      const { manifest } = step.objects;
      if (manifest) tree.add(leafHash(manifest.bytes));
      trust.learn(step);
      if (tree.size() === 0) return;
      const here = hereOf(step, { size: tree.size(), root: tree.root().toString('hex') });
      ends.set(step.epoch, here);
      outside.see(here);
      const note = noteOf(step);
      const isOfTree = note !== null && isSame(parseCheckpoint(note.text), here);
      const { isTrusted, fault } = note ? trust.judge(note) : notSigned;
      if (isOfTree && isTrusted) trust.accept();
      if (!step.isAbandoned) head = { ...here, isTrusted: isOfTree && isTrusted, of: segmentName(step) };
      const wrong = note === null ? 'it has no checkpoint that can be read' : isOfTree ? fault : otherTree;
      const found = wrong ?? abandoned;
      tally.add(found && `${segmentName(step)}: ${found}`);
    },
    head: () => head,
    findings: () => {
      if (head && !head.isTrusted) tally.add(`${head.of} is the newest one, and no key that is trusted signed it`);
      const kept = checkpoints.length > 0 ? [outside.finding((note) => trust.isTrusted(note))] : [];
      return [tally.finding(), ...kept];
    },
  };
}

const notSigned = { isTrusted: false, fault: null };
const otherTree = 'its checkpoint signs another tree than that of the manifests up to it';

const hereOf = ({ epoch, manifest, before }: Step, tree: Pick<Checkpoint, 'size' | 'root'>): Checkpoint => ({
  ...{ epoch, ...tree },
  origin: manifest?.origin ?? before?.manifest?.origin ?? '',
});

/** Whether two checkpoints say the same of the same tree. */
const isSame = (one: Checkpoint | null, other: Checkpoint): boolean =>
  one?.origin === other.origin && one.epoch === other.epoch && one.size === other.size && one.root === other.root;

const noteOf = ({ objects: { checkpoint } }: Step): Note | null =>
  checkpoint ? parseNote(Buffer.from(checkpoint.bytes).toString()) : null;

/** That an epoch was left has to be said with the checkpoint in which it ends here. */
function faultOfEnd({ manifest }: Step, ends: ReadonlyMap<number, Checkpoint>): string | null {
  if (!manifest?.abandoned) return null;
  const named = parseCheckpoint(textOfNote(manifest.abandoned.checkpoint));
  const end = named && ends.get(named.epoch);
  return named && end && isSame(named, end) ? null : 'the checkpoint of what was abandoned is another than is here';
}

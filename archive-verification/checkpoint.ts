/** What a checkpoint says (https://c2sp.org/tlog-checkpoint): the tree of an epoch has so many manifests, and that root (in hex). */
export type Checkpoint = { origin: string; epoch: number; size: number; root: string };

const form = /^(\S+)\/([1-9]\d{0,7})\n([1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/;

/** What the text of a note says, or null when it is no checkpoint of ours. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [, origin = '', epoch = '', size = '', base64 = ''] = form.exec(text) ?? [];
  const root = Buffer.from(base64, 'base64');
  if (root.length !== 32 || root.toString('base64') !== base64) return null;
  return { origin, epoch: Number(epoch), size: Number(size), root: root.toString('hex') };
}

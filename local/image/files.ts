import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the image, by its path from the program's folder. */
export type ImageFile = { path: string; bytes: number };

/** Files and their bytes of a part of the image: a folder of ours, or a package. */
export type Share = { of: string; files: number; bytes: number };

/** Every file and link below a folder, sorted by path. */
export function filesIn(folder: string): ImageFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(folder.length + 1), bytes: lstatSync(path).size }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Summed up by the first folder, the largest first; the packages by their name with `packages`. */
export function sharesOf(files: readonly ImageFile[], { packages = false }: { packages?: boolean } = {}): Share[] {
  const shares = new Map<string, Share>();
  for (const { path, bytes } of files) {
    const of = nameOf(path, packages);
    const share = shares.get(of) ?? { of, files: 0, bytes: 0 };
    shares.set(of, { of, files: share.files + 1, bytes: share.bytes + bytes });
  }
  return [...shares.values()].toSorted((a, b) => b.bytes - a.bytes);
}

function nameOf(path: string, packages: boolean): string {
  const [top = '', first = '', second = ''] = path.split('/');
  if (top !== 'node_modules' || !packages) return top;
  return first.startsWith('@') ? `${top}/${first}/${second}` : `${top}/${first}`;
}

const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const ofApple = new Set([0xcffaedfe, 0xfeedfacf, 0xcafebabe]);
const headBytes = 20;

/** Native code for another system or processor than this one, by its first bytes, a line each with what it is for. */
export function foreignParts(folder: string): string[] {
  return filesIn(folder).flatMap(({ path }) => {
    const of = systemOf(join(folder, path));
    return of === null ? [] : [`${path}: for ${of}`];
  });
}

/** What a native file is for; null for one of this machine, and for all that is not native. */
function systemOf(path: string): string | null {
  const head = Buffer.alloc(headBytes);
  const file = openSync(path, 'r');
  readSync(file, head, 0, headBytes, 0);
  closeSync(file);
  if (ofApple.has(head.readUInt32BE(0))) return process.platform === 'darwin' ? null : 'macOS';
  // `MZ`, and room for the header that follows: two letters may begin any text.
  if (head.toString('latin1', 0, 2) === 'MZ' && head.includes(0)) return 'Windows';
  if (head.toString('latin1', 1, 4) !== 'ELF') return null;
  return process.platform === 'linux' && head.readUInt16LE(18) === machines[process.arch] ? null : 'another Linux';
}

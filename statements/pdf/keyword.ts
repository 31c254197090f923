/** What stands before the hash of the document among the keywords of its PDF. */
const keyword = 'sha256';

/** The keywords of a PDF: which document it shows. */
export const keywordsOf = (sha256: string): string => `${keyword} ${sha256}`;

/** The SHA-256 of the document that a PDF of ours shows, by its own keywords; null when it names none. Whether it shows that, it does not prove. */
export function documentNamedIn(pdf: Uint8Array): string | null {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1');
  const info = reference(text.slice(text.lastIndexOf('\ntrailer\n')), 'Info');
  const keywords = info && reference(objectOf(text, info), 'Keywords');
  const found = keywords && new RegExp(`^\\(${keyword} ([0-9a-f]{64})\\)\\s*endobj`).exec(objectOf(text, keywords));
  return found?.[1] ?? null;
}

const reference = (text: string, name: string): string | null =>
  new RegExp(`/${name} (\\d{1,9}) 0 R`).exec(text)?.[1] ?? null;

/** The last object with that number: streams stand before it, and could hold anything. */
function objectOf(text: string, number: string): string {
  const start = `\n${number} 0 obj\n`;
  const at = text.lastIndexOf(start);
  return at === -1 ? '' : text.slice(at + start.length, at + start.length + 1_000);
}

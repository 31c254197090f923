import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toCamt } from '../../../statements/camt/message.ts';
import type { FrozenDocument } from '../../../statements/document.ts';
import { drawPdf } from '../../../statements/pdf/draw.ts';
import { openFonts } from '../../../statements/pdf/fonts.ts';
import { parseDocument } from '../../../statements/schema.ts';
import { gallery } from '../../support/fixtures/statement-gallery.ts';
import { root } from '../../support/tree.ts';
import { missingFrom } from './expected-text.ts';
import { findTool, schemaOf, type Tool } from './tools.ts';

/**
 * Lets a program of others judge every statement of the gallery: `node test/oracles/statements/judge.ts qpdf`. Prints what is wrong; ends with 1
 * when anything is.
 */
type Judge = (file: string, frozen: FrozenDocument) => Promise<string | null>;

const run = promisify(execFile);
const name = process.argv[2] ?? '';
const folder = join(root, '.test/oracles/statements', name);
const withinMs = 120_000;
const isTool = (text: string): text is Tool => Object.hasOwn(judges, text);

const judges: Record<Tool, Judge> = {
  qpdf: async (file) => {
    await call('qpdf', ['--check', file]);
    return null;
  },
  pdftotext: async (file, { bytes }) =>
    missingFrom(await call('pdftotext', ['-raw', '-enc', 'UTF-8', file, '-']), parseDocument(bytes)),
  pdfdetach: async (file, { sha256 }) => {
    await call('pdfdetach', ['-save', '1', '-o', `${file}.json`, file]);
    const found = createHash('sha256')
      .update(readFileSync(`${file}.json`))
      .digest('hex');
    return found === sha256 ? null : `another document is inside: ${found}`;
  },
  xmllint: async (file, { bytes }) => {
    const document = parseDocument(bytes);
    if ('parts' in document) return null;
    const xml = (await Array.fromAsync(toCamt(document))).join('');
    const message = document.kind === 'interim' ? 'camt.052.001.08' : 'camt.053.001.08';
    const check = (text: string) => {
      writeFileSync(`${file}.xml`, text);
      return call('xmllint', ['--noout', '--nonet', '--schema', schemaOf(message), `${file}.xml`]);
    };
    // Who takes everything judges nothing.
    const isRefused = await check(xml.replace('<CdtDbtInd>', '<CdtDbtInd>X')).then(
      () => false,
      () => true,
    );
    await check(xml);
    return isRefused ? null : 'a message with a wrong indicator is valid too';
  },
};

if (!isTool(name)) throw new Error(`no judge called ${name}`);
const judge = judges[name];
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const fonts = openFonts();
let bad = 0;
for (const [statement, make] of Object.entries(gallery)) {
  const frozen = make();
  const file = join(folder, `${statement}.pdf`);
  writeFileSync(file, name === 'xmllint' ? '' : (await drawPdf(frozen.bytes, fonts)).pdf);
  const wrong = await judge(file, frozen).catch((error: unknown) => String(error));
  if (wrong !== null) console.error(`${statement}: ${wrong}`);
  bad += wrong === null ? 0 : 1;
}
console.log(`${Object.keys(gallery).length} statements, ${bad} wrong`);
process.exitCode = bad > 0 ? 1 : 0;

async function call(tool: Tool, args: readonly string[]): Promise<string> {
  const found = await findTool(tool);
  if (found === null) throw new Error(`no ${tool}`);
  const { stdout } = await run(found.path, [...args], {
    env: { ...process.env, ...found.env },
    timeout: withinMs,
    maxBuffer: 67_108_864,
  });
  return stdout;
}

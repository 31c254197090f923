import { parentPort } from 'node:worker_threads';
import { Bug, check } from '../../domain/check.ts';
import { type Drawn, drawPdf } from '../pdf/draw.ts';
import { openFonts } from '../pdf/fonts.ts';

/** What a thread answers: a PDF, or that the document is none, which no repetition changes. */
export type Answer = Drawn | { bug: string };

/** The program of one thread (statements/render/renderers.ts): draws a document at a time, with fonts that it parsed once. */
const port = parentPort;
check(port, 'this file is the program of a thread');
const fonts = openFonts();
port.on('message', (document: Uint8Array) => void draw(document).then((answer) => port.postMessage(answer)));

/** Whatever else is thrown ends the thread. */
async function draw(document: Uint8Array): Promise<Answer> {
  try {
    return await drawPdf(document, fonts);
  } catch (error) {
    if (error instanceof Bug) return { bug: error.message };
    throw error;
  }
}

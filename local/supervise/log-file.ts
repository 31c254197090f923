import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { codeOf } from '../../config/error-fields.ts';
import type { Print } from '../start-fault.ts';

/** A log of at most 10 MiB, with one older file of the same size beside it. */
export type LogFile = { write: (text: string) => void; close: () => void };

const bytesMax = 10 * 1024 * 1024;
const noSpaceCodes = new Set(['ENOSPC', 'EDQUOT']);
const printed = new Set<string>();

/**
 * Opens a log for appending. Writes are synchronous: what a program wrote just before it died is in the file when somebody
 * looks. A disk error is reported once and stops nothing: a log must not stop the programs that move money.
 */
export function openLogFile(path: string, print: Print): LogFile {
  let descriptor: number | null = openSync(path, 'a', 0o600);
  let bytes = statSync(path).size;
  return {
    write: (text) => {
      // Output of a program that was killed may still arrive after its log was closed.
      if (descriptor === null) return;
      try {
        if (bytes > bytesMax) {
          closeSync(descriptor);
          renameSync(path, `${path}.1`);
          descriptor = openSync(path, 'a', 0o600);
          bytes = 0;
        }
        bytes += writeSync(descriptor, text);
      } catch (error) {
        if (noSpaceCodes.has(codeOf(error))) reportDiskFull(print);
        else
          reportOnce(print, `The log ${path} cannot be written (${codeOf(error)}): its program continues without it.`);
      }
    },
    close: () => {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

/** Reports a full disk once for all programs. */
export const reportDiskFull = (print: Print): void =>
  reportOnce(print, 'The disk is full: transfers wait until there is space again.');

function reportOnce(print: Print, sentence: string): void {
  if (printed.has(sentence)) return;
  printed.add(sentence);
  print(sentence);
}

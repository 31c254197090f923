import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import pc from 'picocolors';
import { prettyFactory } from 'pino-pretty';
import { codeOf } from '../../config/error-fields.ts';
import type { Say } from '../start-fault.ts';

/** Where the output of one child goes: its file, the terminal, and a short memory for "its last words". */
export type ChildOutput = { write: (chunk: Buffer) => void; lastWords: () => string[]; close: () => void };

/** `everything` a child says goes to the terminal, only its `faults` (warnings and worse), or `nothing`. */
export type Loudness = 'everything' | 'faults' | 'nothing';

const fileBytesMax = 10 * 1024 * 1024;
const lineCharactersMax = 64 * 1024;
const lastWordsMax = 12;
/** Under load a program says thousands of lines a second; nobody reads them there, and making them pretty costs CPU. */
const terminalLinesPerSecondMax = 25;
const nameWidth = 10;
const colors = [pc.cyan, pc.magenta, pc.green, pc.yellow, pc.blue, pc.red];
const faultWords = /\b(warn(ing)?|error|fatal|panic|exception|failed)\b/i;
/** What Postgres answers to the launcher's own knocking while it starts. */
const startingWords = /database system is (starting up|not yet accepting connections)/;
/** Temporal's SDK tells each task queue's every step; its errors (level 50) still come through. */
const sdkNarration = /^\{"level":([1-4]0|"(trace|debug|info|warn)"),.*"sdkComponent":"worker"/;
const noSpaceWords = /no space left on device|ENOSPC|disk full|database or disk is full/i;
const noSpaceCodes = new Set(['ENOSPC', 'EDQUOT']);
const pretty = prettyFactory({
  colorize: pc.isColorSupported,
  ignore: 'pid,hostname,name,program,mode',
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss',
});

let colorsGiven = 0;

/** Opens the log of one child: `folder/name.log`, at most 10 MiB and one older file of the same size. */
export function openChildOutput(options: { name: string; folder: string; loudness: Loudness; say: Say }): ChildOutput {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const file = openBoundedFile(join(options.folder, `${options.name}.log`), options.say);
  const color = colors[colorsGiven++ % colors.length] ?? pc.white;
  const prefix = color(`${options.name.padEnd(nameWidth)} │ `);
  const print = openTerminal(prefix);
  const decoder = new StringDecoder('utf8');
  const last: string[] = [];
  let unfinished = '';
  const take = (line: string) => {
    if (line.trim() === '') return;
    last.push(line.slice(0, 500));
    if (last.length > lastWordsMax) last.shift();
    if (noSpaceWords.test(line)) sayDiskFullOnce(options.say);
    if (isLoudEnough(line, options.loudness)) print(line);
  };
  return {
    write: (chunk) => {
      file.write(chunk);
      const lines = (unfinished + decoder.write(chunk)).split('\n');
      unfinished = (lines.pop() ?? '').slice(-lineCharactersMax);
      lines.forEach(take);
    },
    lastWords: () => [...last, ...(unfinished.trim() ? [unfinished] : [])].map(forPeople),
    close: () => file.close(),
  };
}

/** Prints lines under a prefix, so many a second and no more; the file has them all. */
function openTerminal(prefix: string): (line: string) => void {
  const second = { number: 0, lines: 0 };
  return (line) => {
    const now = Math.floor(performance.now() / 1000);
    const leftOut = second.lines - terminalLinesPerSecondMax;
    if (now !== second.number) {
      if (leftOut > 0) process.stdout.write(`${prefix}… ${leftOut} more lines, in the log file only\n`);
      Object.assign(second, { number: now, lines: 0 });
    }
    second.lines += 1;
    if (second.lines <= terminalLinesPerSecondMax) process.stdout.write(`${prefix}${forPeople(line)}\n`);
  };
}

/** A line of JSON from pino becomes a readable line; any other line stays as it is. */
function forPeople(line: string): string {
  return line.startsWith('{') ? pretty(line).trimEnd() : line;
}

function isLoudEnough(line: string, loudness: Loudness): boolean {
  if (loudness === 'nothing' || sdkNarration.test(line)) return false;
  if (loudness === 'everything') return true;
  const level = /^\{"level":"?(\w+)/.exec(line)?.[1];
  if (level === undefined) return faultWords.test(line) && !startingWords.test(line);
  return !['10', '20', '30', 'trace', 'debug', 'info'].includes(level);
}

/** Written synchronously: what a child said just before it died is in the file when somebody looks. */
function openBoundedFile(path: string, say: Say): { write: (chunk: Buffer) => void; close: () => void } {
  let descriptor = openSync(path, 'a', 0o600);
  let bytes = statSync(path).size;
  let isOpen = true;
  return {
    write: (chunk) => {
      // A child that was killed may be heard once more after its log was closed.
      if (!isOpen) return;
      try {
        if (bytes > fileBytesMax) {
          closeSync(descriptor);
          renameSync(path, `${path}.1`);
          descriptor = openSync(path, 'a', 0o600);
          bytes = 0;
        }
        writeSync(descriptor, chunk);
        bytes += chunk.length;
      } catch (error) {
        // A log that cannot be written must not stop the programs that move money.
        if (noSpaceCodes.has(codeOf(error))) sayDiskFullOnce(say);
        else sayOnce(say, `The log ${path} cannot be written (${codeOf(error)}): its program runs on without it.`);
      }
    },
    close: () => {
      isOpen = false;
      closeSync(descriptor);
    },
  };
}

const said = new Set<string>();

const sayDiskFullOnce = (say: Say): void => sayOnce(say, 'The disk is full: transfers wait until there is room again.');

function sayOnce(say: Say, sentence: string): void {
  if (said.has(sentence)) return;
  said.add(sentence);
  say(sentence);
}

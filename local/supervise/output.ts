import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { prettyFactory } from 'pino-pretty';
import type { Print } from '../start-fault.ts';
import { openLogFile, reportDiskFull } from './log-file.ts';

/** Where the output of one program goes: its log, the terminal, and a short memory of its last lines. */
export type Output = { write: (line: string) => void; lastOutput: () => string[]; close: () => void };

/** What of it goes to the terminal: `everything`, its `warnings` and worse, or `nothing`. */
export type Loudness = 'everything' | 'warnings' | 'nothing';

const keptCharactersMax = 500;
const keptLinesMax = 12;
/** Under load a program writes thousands of lines a second; nobody reads them there, and formatting them costs CPU. */
const terminalLinesPerSecondMax = 25;
const nameWidth = 10;
const colors = [pc.cyan, pc.magenta, pc.green, pc.yellow, pc.blue, pc.red];
const warningForm = /\b(warn(ing)?|error|fatal|panic|exception|failed)\b/i;
/** What Postgres answers to our first connections while it starts. */
const startingMessages = /database system is (starting up|not yet accepting connections)/;
/** Temporal's SDK logs every step of each task queue; its errors (level 50) still come through. */
const sdkNoise = /^\{"level":([1-4]0|"(trace|debug|info|warn)"),.*"sdkComponent":"worker"/;
const noSpaceMessages = /no space left on device|ENOSPC|disk full|database or disk is full/i;
const pretty = prettyFactory({
  colorize: pc.isColorSupported,
  ignore: 'pid,hostname,name,program,mode',
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss',
});

let colorSettings = 0;

/** Opens the output of one program; its log is `folder/name.log`. */
export function openOutput(options: { name: string; folder: string; loudness: Loudness; print: Print }): Output {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const file = openLogFile(join(options.folder, `${options.name}.log`), options.print);
  const color = colors[colorSettings++ % colors.length] ?? pc.white;
  const print = limitedPrinter(color(`${options.name.padEnd(nameWidth)} │ `));
  const last: string[] = [];
  return {
    write: (line) => {
      file.write(`${line}\n`);
      if (line.trim() === '') return;
      last.push(line.slice(0, keptCharactersMax));
      if (last.length > keptLinesMax) last.shift();
      if (noSpaceMessages.test(line)) reportDiskFull(options.print);
      if (isLoudEnough(line, options.loudness)) print(line);
    },
    lastOutput: () => last.map(readable),
    close: () => file.close(),
  };
}

/** Prints lines under a prefix, a bounded number a second; the log has them all. */
function limitedPrinter(prefix: string): (line: string) => void {
  const second = { number: 0, lines: 0 };
  return (line) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second.number) {
      const omitted = second.lines - terminalLinesPerSecondMax;
      if (omitted > 0) process.stdout.write(`${prefix}… ${omitted} more lines, in the log file only\n`);
      Object.assign(second, { number: now, lines: 0 });
    }
    second.lines += 1;
    if (second.lines <= terminalLinesPerSecondMax) process.stdout.write(`${prefix}${readable(line)}\n`);
  };
}

/** A line of JSON from pino becomes a readable line; any other line stays as it is. */
function readable(line: string): string {
  return line.startsWith('{') ? pretty(line).trimEnd() : line;
}

function isLoudEnough(line: string, loudness: Loudness): boolean {
  if (loudness === 'nothing' || sdkNoise.test(line)) return false;
  if (loudness === 'everything') return true;
  const level = /^\{"level":"?(\w+)/.exec(line)?.[1];
  if (level === undefined) return warningForm.test(line) && !startingMessages.test(line);
  return !['10', '20', '30', 'trace', 'debug', 'info'].includes(level);
}

import { closeSync, ftruncateSync, mkdirSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type JournalEvent, journalEventSchema } from './journal-events.ts';

/** Lines that may wait for the disk. Beyond it the caller must turn requests away (`isFull`). */
const waitingMax = 10_000;
/** No line we write is longer; a longer one means that the file is not ours. */
const lineBytesMax = 16_384;
const readBytes = 1 << 20;

/**
 * The bank's memory: JSON lines, append-only. `append` resolves when the line is on the disk, and one
 * fsync serves all that wait, so a thousand requests a second cost a few hundred fsyncs.
 */
export type Journal = {
  /** Resolves once the event is durable. Only then may an answer be sent that shows it. */
  append(event: JournalEvent): Promise<void>;
  /** Resolves once everything appended so far is durable. A reader waits for it before it shows what memory holds. */
  settled(): Promise<void>;
  /** Empties the file. Lines that still wait are forgotten with it. */
  empty(): Promise<void>;
  isFull(): boolean;
  close(): Promise<void>;
};

/**
 * Opens the journal after passing every event in it to `replay`. `onFault` is called if the disk refuses a write: nothing
 * can be answered after that. Throws one sentence if the file cannot be opened or is damaged.
 */
export async function openJournal(
  path: string,
  replay: (event: JournalEvent) => void,
  onFault: (cause: unknown) => void,
): Promise<Journal> {
  replayFile(path, replay);
  return createWriter(await open(path, 'a'), onFault);
}

function createWriter(file: FileHandle, onFault: (cause: unknown) => void): Journal {
  let waiting: string[] = [];
  let mustEmpty = false;
  let round: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const writeRound = async (): Promise<void> => {
    const lines = waiting.join('');
    waiting = [];
    if (mustEmpty) await file.truncate(0);
    mustEmpty = false;
    if (lines !== '') await file.appendFile(lines);
    await file.datasync();
  };
  // A caller that comes while a round is written waits for the next one: that is the batching.
  const nextRound = (): Promise<void> => {
    next ??= (round ?? Promise.resolve()).then(() => {
      round = next;
      next = null;
      return writeRound();
    });
    return next;
  };
  const durable = (): Promise<void> => {
    const done = nextRound();
    // A fault of the disk ends the process; the callers get no answer, as from a crashed bank.
    done.catch(onFault);
    return done;
  };

  return {
    append: (event) => {
      waiting.push(`${JSON.stringify(event)}\n`);
      return durable();
    },
    settled: () => next ?? round ?? Promise.resolve(),
    empty: () => {
      waiting = [];
      mustEmpty = true;
      return durable();
    },
    isFull: () => waiting.length >= waitingMax,
    close: async () => {
      await (next ?? round ?? Promise.resolve());
      await file.close();
    },
  };
}

/** Reads the file in pieces, so its size does not matter, and cuts off a last line that a crash left unfinished. */
function replayFile(path: string, replay: (event: JournalEvent) => void): void {
  const file = openFile(path);
  try {
    const piece = Buffer.allocUnsafe(readBytes);
    let rest = Buffer.alloc(0);
    let position = 0;
    let lineNumber = 0;
    for (let read = readSync(file, piece, 0, readBytes, 0); read > 0; ) {
      position += read;
      rest = Buffer.concat([rest, piece.subarray(0, read)]);
      let start = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
        lineNumber += 1;
        replay(parseLine(rest.toString('utf8', start, end), { path, lineNumber }));
        start = end + 1;
      }
      rest = rest.subarray(start);
      if (rest.length > lineBytesMax) throw damaged({ path, lineNumber: lineNumber + 1 });
      read = readSync(file, piece, 0, readBytes, position);
    }
    // A line without its end was never answered: the end is written in the same call and the answer comes after fsync.
    if (rest.length > 0) ftruncateSync(file, position - rest.length);
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // It holds account numbers and names: readable by its owner only.
    return openSync(path, 'a+', 0o600);
  } catch (cause) {
    // A wrong setting, most of the time: the person who started it needs the path and the reason.
    throw new Error(`The simulator cannot start: its journal cannot be opened. ${String(cause)}`, { cause });
  }
}

type Place = { path: string; lineNumber: number };

function parseLine(text: string, place: Place): JournalEvent {
  try {
    return journalEventSchema.parse(JSON.parse(text));
  } catch {
    // A complete line that cannot be read was changed from outside. To skip it would be to lose money.
    throw damaged(place);
  }
}

const damaged = ({ path, lineNumber }: Place): Error =>
  new Error(
    `The simulator cannot start: line ${lineNumber} of its journal ${path} is damaged. Move the file away to start with an empty one.`,
  );

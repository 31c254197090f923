import pino from 'pino';

/** A line of a log, as far as tests look at it. */
export type Alarm = {
  msg: string;
  transferId?: string;
  rail?: string;
  late?: number;
  attempt?: number;
  monthsAhead?: number;
  wanted?: number;
};

/** A log for parts under test, and what was said to it with level `error`. */
export function listenForAlarms(): { log: pino.Logger; alarms: Alarm[] } {
  const alarms: Alarm[] = [];
  return { log: pino({ level: 'error' }, { write: (line) => void alarms.push(JSON.parse(line)) }), alarms };
}

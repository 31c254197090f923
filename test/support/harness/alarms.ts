import pino from 'pino';
import { type Alarms, createAlarms } from '../../../telemetry/alarms/alarms.ts';

/** A line of a log, as far as tests look at it. */
export type Alarm = {
  msg: string;
  alarm?: string;
  transferId?: string;
  rail?: string;
  late?: number;
  attempt?: number;
  monthsAhead?: number;
  wanted?: number;
};

/** For parts under test: a log, alarms that write to it, and in `raised` what was written to it with level `error`. */
export function listenForAlarms(): { log: pino.Logger; alarms: Alarms; raised: Alarm[] } {
  const raised: Alarm[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void raised.push(JSON.parse(line)) });
  return { log, alarms: createAlarms({ log }), raised };
}

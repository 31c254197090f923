import { programAlarmRows } from './alarms-of-programs.ts';
import { serverAlarmRows } from './alarms-of-servers.ts';
import { apiAlarmRows } from './alarms-of-the-api.ts';
import { toldRows } from './alarms-told.ts';
import { boardRows } from './boards.ts';
import type { Row } from './row.ts';

/** Every alarm with its threshold and period, who is told, and what is shown. */
export const observabilityRows: readonly Row[] = [
  ...apiAlarmRows,
  ...serverAlarmRows,
  ...programAlarmRows,
  ...toldRows,
  ...boardRows,
];

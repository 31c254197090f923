import type { EnvironmentName } from '../environment/schema.ts';

/** What no configuration says and a bill depends on: an environment with little traffic. Each figure is a guess that is written down. */
export type Assumptions = {
  /** Hours of a month in which tasks run, of 730. */
  awakeHours: number;
  balancerUnits: number;
  natGib: number;
  logGib: number;
  objectGib: number;
  databaseGib: number;
  alarms: number;
  secrets: number;
};

export const monthHours = 730;

/** From seven to twenty, Monday to Friday. */
const officeHours = 282;

export const assumptions: Readonly<Record<EnvironmentName, Assumptions>> = {
  development: {
    awakeHours: officeHours,
    balancerUnits: 0.5,
    natGib: 5,
    logGib: 2,
    objectGib: 5,
    databaseGib: 20,
    alarms: 110,
    secrets: 6,
  },
  staging: {
    awakeHours: monthHours,
    balancerUnits: 0.5,
    natGib: 10,
    logGib: 8,
    objectGib: 20,
    databaseGib: 50,
    alarms: 140,
    secrets: 6,
  },
  production: {
    awakeHours: monthHours,
    balancerUnits: 4,
    natGib: 100,
    logGib: 60,
    objectGib: 500,
    databaseGib: 50,
    alarms: 140,
    secrets: 6,
  },
};

import type { z } from 'zod';
import type { variables } from '../../config/variables.ts';
import type { Value } from './parameters.ts';

/**
 * What each network needs to be reached. The platform makes these names of its registry of rails while it runs, so the compiler has no list
 * of them: settings.test.ts compares this one with the registry.
 */
export const railSettingNames = ['RAIL_INSTANT_URL'] as const;
type RailSettingName = (typeof railSettingNames)[number];

/** The names of all settings of the platform, from its own list. */
export type SettingName = keyof z.input<typeof variables> | RailSettingName;

/**
 * What a program is told: a value, a secret, or null where the platform's default is wanted. Every setting is decided for every program:
 * one that is added to the platform, or taken away, does not compile here until somebody has thought of AWS.
 */
export type Settings = Record<SettingName, Value>;

/** A part of them, decided in one place for several programs. */
export type Part<Prefix extends string> = { [Name in Extract<SettingName, `${Prefix}${string}`>]: Value };

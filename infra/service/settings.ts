import type { z } from 'zod';
import type { variables } from '../../config/variables.ts';
import type { Value } from './parameters.ts';

/** Where each network is. Their names are made of the registry of rails, so the compiler has no list of them. */
type RailSettingName = 'RAIL_INSTANT_URL';

/** The names of all settings of the platform, from its own list. */
export type SettingName = keyof z.input<typeof variables> | RailSettingName;

/**
 * What a program is told: a value, a secret, or null where the platform's default is wanted. Every setting is decided for every program:
 * one that is added to the platform, or taken away, does not compile here until somebody has thought of AWS.
 */
export type Settings = Record<SettingName, Value>;

/** A part of them, decided in one place for several programs. */
export type Part<Prefix extends string> = { [Name in Extract<SettingName, `${Prefix}${string}`>]: Value };

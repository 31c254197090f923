import { toPublic } from '../../domain/ids.ts';

/**
 * Whether what is archived of a value is of that value: of an object some of its members, ids in their public form, numbers that are amounts as
 * text. Null stands for what is not shown, and what is left out cannot be compared: only a commitment is there for it.
 */
export function isShownOf(shown: unknown, value: unknown): boolean {
  if (shown === null) return true;
  if (Array.isArray(shown))
    return Array.isArray(value) && shown.length === value.length && shown.every((one, i) => isShownOf(one, value[i]));
  if (isValues(shown))
    return (
      isValues(value) &&
      Object.entries(shown).every(([name, one]) => Object.hasOwn(value, name) && isShownOf(one, value[name]))
    );
  if (shown === value) return true;
  if (typeof shown !== 'string') return false;
  if (typeof value === 'number') return shown === String(value);
  return typeof value === 'string' && value.replace(uuidForm, digitsOf) === shown.replace(prefixForm, '');
}

const uuidForm = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What a public id has before the digits that are its UUID, which say nothing of the thing. */
const prefixForm = /(?<=^|:)[a-z]{2}_(?=[0-9a-z]{26}$)/;

const digitsOf = (uuid: string): string => toPublic('tenant', uuid).slice('tn_'.length);

const isValues = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { inspect } from 'node:util';

/** A value that must not reach a log: it prints as `[secret]` in every form of output, and only `reveal` returns it. */
export type Secret = { reveal(): string };

/** Wraps a value so that `String`, `JSON.stringify`, `console.log` and pino all show `[secret]`. */
export function secret(value: string): Secret {
  const shown = () => '[secret]';
  return Object.freeze({ reveal: () => value, toString: shown, toJSON: shown, [inspect.custom]: shown });
}

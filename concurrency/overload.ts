/** Thrown when work is refused before it began, because too much waits already. Safe to retry. */
export class Overload extends Error {
  override readonly name = 'Overload';
}

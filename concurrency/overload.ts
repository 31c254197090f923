/** Thrown to a caller whose work was not begun, because too much waits already. Safe to try again. */
export class Overload extends Error {
  override readonly name = 'Overload';
}

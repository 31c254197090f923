/** A broken invariant of our own code. Never caught to be ignored: it stops the transfer where it is and raises an alarm. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Throws a {@link Bug} with the sentence unless the condition holds. For what must be true, never for bad input. */
export function check(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Bug(sentence);
}

/**
 * A value that is read once, in the background, from now on: null until it is there. A read that failed is tried again when somebody
 * asks, one at a time. Nobody waits for it.
 */
export function createKnown<T>(read: () => Promise<T>): () => T | null {
  let value: T | null = null;
  let isReading = false;
  const begin = (): void => {
    isReading = true;
    read()
      .then((found) => {
        value = found;
      })
      // The next caller tries again; until then it is not known.
      .catch(() => {})
      .finally(() => {
        isReading = false;
      });
  };
  begin();
  return () => {
    if (value === null && !isReading) begin();
    return value;
  };
}

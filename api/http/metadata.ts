/**
 * Metadata sorted by name: neither a client nor the database keeps an order, and a repeated request
 * must get the same bytes.
 */
export const sortedByName = (metadata: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** What a log may have of an error. */
export type ThrownFacts = { type: string; message: string; code?: string; stack?: string; cause?: ThrownFacts };

/** drizzle wraps an error of the database in one whose message holds every parameter of the query: that one is dropped. */
export const rootOf = (error: unknown): unknown =>
  error instanceof Error && 'query' in error && error.cause instanceof Error ? error.cause : error;

/**
 * An error as our logs have it. Errors of parsers and of the database carry what they were given (a broken check: the whole
 * row), so of their fields nothing is taken but these.
 */
export function factsOfThrown(thrown: unknown): ThrownFacts {
  const error = rootOf(thrown);
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is not an Error was thrown' };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause instanceof Error && { cause: factsOfThrown(error.cause) }),
  };
}

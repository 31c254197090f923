/** The fields of an error that a log may have. */
export type ErrorFields = { type: string; message: string; code?: string; stack?: string; cause?: ErrorFields };

/** drizzle wraps an error of the database in one whose message holds every parameter of the query: that one is dropped. */
export const rootOf = (error: unknown): unknown =>
  error instanceof Error && 'query' in error && error.cause instanceof Error ? error.cause : error;

/**
 * An error for the log. Errors of parsers and of the database contain their input (a broken check: the whole row), so
 * of their fields only these are taken.
 */
export function errorFields(thrown: unknown): ErrorFields {
  const error = rootOf(thrown);
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is not an Error was thrown' };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause instanceof Error && { cause: errorFields(error.cause) }),
  };
}

/** The code of an error of the system or of a server (ENOSPC, 28P01), or an empty string. Read by shape: jest has another Error class in tests. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

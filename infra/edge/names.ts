/** The name of the API for programs. */
export const apiNameOf = (domain: string): string => `api.${domain}`;

/** The name of the console for people. */
export const consoleNameOf = (domain: string): string => `app.${domain}`;

/** The one origin whose pages may call the API (CORS_ORIGINS), as browsers send it. */
export const consoleOriginOf = (domain: string): string => `https://${consoleNameOf(domain)}`;

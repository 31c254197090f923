import { createOpenApi } from '../../api/openapi/document.ts';
import { routes } from '../../api/routes.ts';

/** api/openapi.json: the document that the API serves, for those who make clients without running it. */
export const openApiDocument = (): string => `${JSON.stringify(createOpenApi(routes), null, 2)}\n`;

import { z } from 'zod';
import type { Middleware } from './middleware/state.ts';

const pathSchema = z.object({ token: z.string() });

/** The token in the path of a link, as the client sent it. For routes with `:token`. */
export const tokenOf = (ctx: Parameters<Middleware>[0]): string => pathSchema.parse(ctx['params']).token;

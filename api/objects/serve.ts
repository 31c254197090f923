import { check } from '../../domain/check.ts';
import { fromPublic } from '../../domain/ids.ts';
import { linkHolder } from '../access-log/accesses.ts';
import type { Deps } from '../deps.ts';
import { refuse } from '../http/middleware/problems.ts';
import type { Middleware } from '../http/middleware/state.ts';
import { tokenOf } from '../http/path-token.ts';

/**
 * `GET /objects/{token}`: an object of a store that is a folder, which serves no links itself. The token says what may be read until
 * when, and is all that its caller needs. Whole: a viewer that wants a part reads all of it.
 */
export const serveObject =
  (deps: Pick<Deps, 'storage' | 'accessLog'>): Middleware =>
  async (ctx) => {
    const { storage, accessLog } = deps;
    const linked = (await storage?.readLink?.(tokenOf(ctx))) ?? null;
    if (storage === null || linked === null) return refuse(ctx, { code: 'link_not_valid' });
    const found = await storage.store.head(linked.at);
    check(found.ok && found.value.sha256 !== null, 'what a link was made to is there');
    const { sha256, type } = found.value;
    const read = await storage.store.read({ ...linked.at, sha256 });
    check(read.ok, 'what a link was made to is there');
    ctx.type = type;
    ctx.set('Content-Disposition', `attachment; filename="${linked.filename}"`);
    ctx.body = Buffer.from(read.value);
    // Links lead to statements; the key says whose, and not which.
    const tenantId = fromPublic('tenant', linked.at.key.split('/')[0] ?? '');
    if (tenantId !== null)
      accessLog.noteAccess({ tenantId, actor: linkHolder, subjectType: 'statement', subjectId: null });
  };

import type { Context } from 'koa';

/** The cookie of a session, which no script reads, and which no page of another site sends. */
export type SessionCookie = {
  read: (ctx: Context) => string | null;
  write: (ctx: Context, token: string | null) => void;
};

/** `Strict` works for Temporal's UI, because it is the same site: the same host, whatever the port. Over https the browser takes it from this host alone. */
export function sessionCookie(publicUrl: string): SessionCookie {
  const isSecure = publicUrl.startsWith('https:');
  const name = isSecure ? '__Host-quittance_codec' : 'quittance_codec';
  const form = new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_-]{43})(?:;|$)`);
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(isSecure ? ['Secure'] : [])].join('; ');
  return {
    read: (ctx) => form.exec(ctx.get('cookie'))?.[1] ?? null,
    write: (ctx, token) =>
      ctx.set('Set-Cookie', `${name}=${token ?? ''}; ${attributes}${token === null ? '; Max-Age=0' : ''}`),
  };
}

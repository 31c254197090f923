/** What a tenant may let its API keys do. */
export const tenantScopes = [
  'accounts:read',
  'accounts:write',
  'accounts:admin',
  'transfers:read',
  'transfers:write',
  'funding:write',
  'holds:read',
  'holds:write',
  'events:read',
  'entries:read',
  'entries:write',
  'entries:admin',
  'statements:read',
  'statements:write',
  'webhooks:read',
  'webhooks:write',
  'keys:admin',
  'audit:read',
] as const;

/** What any API key may be allowed to do. `operations` is the platform's own: it shows what only operators need. */
export const scopes = [...tenantScopes, 'operations'] as const;

export type Scope = (typeof scopes)[number];

/** Every scope that a tenant's own key may have; `operations` is the platform's and is not among them. */
export const tenantScopes = [
  'accounts:read',
  'accounts:write',
  'accounts:admin',
  'transfers:read',
  'transfers:write',
  'entries:read',
  'entries:write',
  'webhooks:read',
  'webhooks:write',
  'keys:admin',
] as const;

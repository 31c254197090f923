import pg from 'pg';

/** Settings of a session by their names, each value as PostgreSQL shows it. */
export type SessionSettings = Readonly<Record<string, string>>;

/** Bounds of every session, in milliseconds. The database, not the client, ends a statement that runs longer. */
const sessionBounds = {
  // The largest batch takes well below a second; three carry a busy server.
  statementMs: 3_000,
  // Locks are held for milliseconds; a longer wait is a fault and is retried.
  lockMs: 500,
  // A batch that waits for a lock makes everybody behind it wait, so a worker gives up sooner than a single command would.
  workerLockMs: 200,
  // No program waits inside a transaction; a stalled process must not keep its locks.
  idleInTransactionMs: 2_000,
} as const;

/** A duration as PostgreSQL shows it. */
const shown = (ms: number): string => (ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`);

/** Settings of every session of ours. */
export const sessionSettings = {
  search_path: 'ledger, pg_temp',
  TimeZone: 'UTC',
  statement_timeout: shown(sessionBounds.statementMs),
  lock_timeout: shown(sessionBounds.lockMs),
  idle_in_transaction_session_timeout: shown(sessionBounds.idleInTransactionMs),
} as const satisfies SessionSettings;

/**
 * Settings of a writer's sessions beside those. Plans are generic and never scan: a fresh monthly partition is empty when its
 * plan is cached, and a cached scan of it doubled the cost of a posting within 60,000 transfers (docs/adr/0007).
 */
export const writerSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  jit: 'off',
  lock_timeout: shown(sessionBounds.workerLockMs),
} as const satisfies SessionSettings;

/**
 * Settings of the API's sessions beside those. Every list walks an index in its own order; with a bitmap the planner would fetch
 * and sort all rows of a tenant of which it believes that there are few.
 */
const readerSettings = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  jit: 'off',
} as const satisfies SessionSettings;

/**
 * What the sessions of each login role run with. The migrator sets them on the role, in its database, and not each program on its
 * connection: a pooler in between may drop or refuse what a client asks for at the start of its connection, and
 * `set` would stay behind on a connection that others use next.
 */
export const roleSettings = {
  quittance_api: { ...sessionSettings, ...readerSettings },
  quittance_worker: { ...sessionSettings, ...writerSettings },
  quittance_reader: sessionSettings,
} as const satisfies Record<string, SessionSettings>;

export type LoginRole = keyof typeof roleSettings;

/**
 * What the server's log may say of our sessions: an error without its detail, which for a broken check is the row with its signing
 * secret or bank account, and a slow statement without its parameters. Only a superuser may set them.
 */
export const logSettings = {
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
} as const satisfies SessionSettings;

/** Sets them on the roles for the database that the client is connected to. Needs the right to alter the roles; the roles must exist. */
export async function setRoleSettings(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  for (const [role, settings] of Object.entries(roleSettings)) {
    for (const [name, value] of Object.entries(settings)) {
      // A search path is a list of names, and as one quoted text it would be one name.
      const to = name === 'search_path' ? value : `'${value}'`;
      await client.query(`alter role ${role} in database ${rows[0]?.name} set ${name} to ${to}`);
    }
  }
}

/** Sets what the server logs of the sessions of our roles. Returns those settings that this login may not set. */
export async function setLogSettings(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  const refused = new Set<string>();
  for (const role of Object.keys(roleSettings)) {
    for (const [name, value] of Object.entries(logSettings)) {
      try {
        await client.query(`alter role ${role} in database ${rows[0]?.name} set ${name} to '${value}'`);
      } catch (error) {
        // A managed server has them in its own configuration; whether they are set there is said in SECURITY.md.
        if (!(error instanceof pg.DatabaseError && error.code === insufficientPrivilege)) throw error;
        refused.add(`${name} = ${value}`);
      }
    }
  }
  return [...refused];
}

const insufficientPrivilege = '42501';

/** A connection whose sessions do not run with our settings: limits that the docs promise would not hold. Says what to do. */
export class SettingsMissing extends Error {
  override readonly name = 'SettingsMissing';
}

/** Throws {@link SettingsMissing} unless the session of this client runs with the settings. */
export async function checkSettings(client: pg.ClientBase, settings: SessionSettings): Promise<void> {
  const names = Object.keys(settings);
  const { rows } = await client.query<{ login: string; values: string[] }>(
    'select current_user as login, array(select current_setting(name) from unnest($1::text[]) with ordinality x(name, n) order by n) as values',
    [names],
  );
  const [session] = rows;
  const wrong = names.filter((name, i) => session?.values[i] !== settings[name]);
  if (wrong.length === 0) return;
  const list = wrong.map((name) => `${name} = ${settings[name]}`).join(', ');
  throw new SettingsMissing(
    `The database does not run the sessions of the login ${session?.login} with ${list}. Run \`npm run migrate\` and log in as quittance_api, quittance_worker or quittance_reader; for another login, or a pooler that changes settings, see docs/how-to/connect-through-a-pooler.md.`,
  );
}

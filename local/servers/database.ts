import pg from 'pg';

/** The login roles that the migrations make; each program has its own, with the rights that it needs. */
const loginRoles = ['quittance_api', 'quittance_worker', 'quittance_reader'] as const;
export type LoginRole = (typeof loginRoles)[number];

const connectWithinMs = 15_000;
const roleLock = 7201;

/** Makes the database unless it is there. `url` is a superuser's login to another database of the same server. */
export async function createDatabase(url: string, name: string, template?: string): Promise<void> {
  await withClient(url, async (client) => {
    const there = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (there.rowCount) return;
    const from = template ? ` template ${client.escapeIdentifier(template)}` : '';
    await client.query(`create database ${client.escapeIdentifier(name)}${from}`);
  });
}

/**
 * Lets the roles of the migrations log in, each with its password. Roles belong to the whole server, not to one
 * database; the lock keeps two set-ups on one server from updating the same row at once.
 */
export async function setRolePasswords(url: string, passwordOf: (role: LoginRole) => string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [roleLock]);
    for (const role of loginRoles) {
      await client.query(`alter role ${role} login password ${client.escapeLiteral(passwordOf(role))}`);
    }
  });
}

/** The address of the same database for one of our roles. */
export function roleUrl(url: string, role: LoginRole, password: string): string {
  const address = new URL(url);
  address.username = role;
  address.password = encodeURIComponent(password);
  return address.href;
}

/** The address of another database on the same server. */
export function databaseUrl(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(name)}`;
  return address.href;
}

/** One connection for a few statements, always closed. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectWithinMs });
  // The next statement reports a server that went away in between; without a listener the event would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

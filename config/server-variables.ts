import { z } from 'zod';
import { refuseWeakTls, urlOf } from './forms.ts';
import { secret } from './secret.ts';

/** A new server of Postgres and its master, for the one program that prepares it (drizzle/prepare-server.ts). */
export const serverVariables = z.object({
  SERVER_URL: urlOf(/^postgres(ql)?$/)
    .superRefine(refuseWeakTls)
    .meta({
      description: 'Where the server is, with the database in it, and without a login.',
      examples: ['postgres://host:5432/quittance?sslmode=verify-full&sslrootcert=/etc/quittance/rds-ca.pem'],
    }),
  SERVER_MASTER: z
    .string()
    .refine(isLogin, 'must be JSON with a username and a password')
    .transform(secret)
    .meta({
      description: 'The login of its master, as Amazon RDS keeps it.',
      examples: ['{"username":"quittance_master","password":"…"}'],
    }),
});

const login = z.object({ username: z.string().min(1), password: z.string().min(1) });

/** The server's address with the master's login in it. */
export function masterUrl({ SERVER_URL, SERVER_MASTER }: z.infer<typeof serverVariables>): string {
  const { username, password } = login.parse(JSON.parse(SERVER_MASTER.reveal()));
  const url = new URL(SERVER_URL);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url.href;
}

function isLogin(text: string): boolean {
  try {
    return login.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

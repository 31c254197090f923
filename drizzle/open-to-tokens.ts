import pg from 'pg';
import { ExplainedError } from '../config/explain-error.ts';
import { roleSettings } from './session.ts';

/** The role whose members log in with a token, and no longer with a password. Only Amazon's servers have it. */
const tokenRole = 'rds_iam';

/**
 * Lets the roles of our programs log in with IAM tokens, on a server of Amazon's; elsewhere nothing is done. What is so already is left as it is, so
 * a person with more rights may have done it. Throws a sentence when this login may not.
 */
export async function openToTokens(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ role: string }>(
    `select rolname as role from pg_roles
     where rolname = any($1) and exists (select from pg_roles where rolname = $2)
       and not (rolcanlogin and pg_has_role(oid, (select oid from pg_roles where rolname = $2), 'member'))`,
    [Object.keys(roleSettings), tokenRole],
  );
  for (const { role } of rows) {
    try {
      await client.query(`alter role ${role} login`);
      await client.query(`grant ${tokenRole} to ${role}`);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && error.code === insufficientPrivilege)) throw error;
      throw new ExplainedError(
        `This login may not open ${role} to IAM tokens (${error.message}). See docs/how-to/connect-on-aws.md.`,
      );
    }
  }
}

const insufficientPrivilege = '42501';

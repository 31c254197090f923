import { Agent, setGlobalDispatcher } from 'undici';

/**
 * First import of every program: takes those variables out of the environment that libraries would read by themselves, before
 * one of them is loaded. Their values are for other programs of a shell (a proxy, psql, a debugger); ours connect where, and
 * as, their settings say. test/rules/environment.test.ts looks for new ones in the packages.
 */
const readByLibraries: readonly RegExp[] = [
  // grpc-js would send connections to Temporal through a proxy, even those to this machine.
  /^(no_)?(grpc|http|https|all|no)_proxy$/i,
  // pg takes from here what an address does not name: TLS, options of the session, a password.
  /^PG[A-Z_]+$/,
  /^NODE_PG_FORCE_NATIVE$/,
  // grpc-js: other authorities, other ciphers, and traces that print the key.
  /^GRPC_/,
  // Amazon's SDK takes from here an endpoint, a login, a region; those by which a machine gets its role are needed.
  /^AWS_(?!CONTAINER_|WEB_IDENTITY_|ROLE_|EC2_METADATA_)/,
  // ioredis and koa print what passes, the password of Redis among it.
  /^DEBUG$/,
  // Node would no longer verify certificates.
  /^NODE_TLS_REJECT_UNAUTHORIZED$/,
];

/** Takes them out of an environment. Returns them, for those parts of a launcher that need a proxy. */
export function takeForeign(environment: Record<string, string | undefined>): Record<string, string> {
  const taken: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(environment))
    if (readByLibraries.some((form) => form.test(name))) {
      taken[name] = value;
      delete environment[name];
    }
  return taken;
}

/** What was in the environment of this process. */
export const foreign: Readonly<Record<string, string>> = takeForeign(process.env);

/** One line about what was taken out, if anything was: somebody may expect it to have an effect. */
export function warnOfForeign(log: { warn(fact: object, sentence: string): void }): void {
  const variables = Object.keys(foreign);
  if (variables.length > 0)
    log.warn({ variables }, 'variables of the environment that are not settings have no effect here');
}

// With NODE_USE_ENV_PROXY, Node has read the proxies of `fetch` before us.
setGlobalDispatcher(new Agent());

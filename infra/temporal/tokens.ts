import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Program } from '../service/task.ts';

/** Where the token is, for programs that take a password from a file. In memory of the task's own disk, for as long as the task lives. */
export const tokensFolder = '/run/tokens';

export type TokensProps = {
  /** Our image: its drizzle/write-token.ts makes tokens as our programs do. */
  image: ecs.ContainerImage;
  region: string;
  database: { host: string; caPath: string };
  /** Once for a task that ends within minutes; else again and again, long before a token ends. */
  once: boolean;
};

/** Puts a container beside the program that writes the token of the database, and lets the program start after the first one. */
export function keepTokens(program: Program, { image, region, database, once }: TokensProps): ecs.ContainerDefinition {
  const tokens = program.addContainer({
    name: 'tokens',
    image,
    command: ['node', 'drizzle/write-token.ts', `${tokensFolder}/database`, ...(once ? ['--once'] : [])],
    settings: {
      DATABASE_URL: `postgres://temporal@${database.host}:5432/temporal?sslmode=verify-full&sslrootcert=${database.caPath}`,
      DATABASE_IAM_REGION: region,
    },
    stopSeconds: 30,
    startSeconds: 10,
    essential: !once,
    logGroup: program.log,
    writable: [{ name: 'tokens', path: tokensFolder }],
    ...(!once && { health: ['CMD-SHELL', `test -s ${tokensFolder}/database`] }),
  });
  program.container.addContainerDependencies({
    container: tokens,
    condition: once ? ecs.ContainerDependencyCondition.SUCCESS : ecs.ContainerDependencyCondition.HEALTHY,
  });
  return tokens;
}

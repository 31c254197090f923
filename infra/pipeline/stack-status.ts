import { z } from 'zod';
import { createAws } from './aws.ts';
import { environmentOption } from './options.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';

const stacksSchema = z.object({
  Stacks: z.array(z.object({ StackStatus: z.string(), StackStatusReason: z.string().optional() })),
});
const good = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

await runStep({
  does: 'Fails unless the stacks of a release are as they were declared. CloudFormation calls a release that ECS has taken back a complete roll back, and the next `cdk deploy` may find nothing to do.',
  options: {
    environment: environmentOption,
    stacks: {
      form: z
        .string()
        .regex(/^[A-Z][A-Za-z]+(,[A-Z][A-Za-z]+)*$/)
        .transform((text) => text.split(',')),
      means: 'their names without the environment, such as Api,Workers',
    },
  },
  run: async ({ environment, stacks }) => {
    const aws = createAws();
    const wrong: string[] = [];
    for (const stack of stacks) {
      const answer = await aws('cloudformation', 'describe-stacks', { StackName: `${environment}-${stack}` });
      const [found] = stacksSchema.parse(answer).Stacks;
      const { StackStatus: status = 'absent', StackStatusReason: reason = '' } = found ?? {};
      if (!good.includes(status)) wrong.push(`${stack} is ${status}${reason && `: ${reason}`}`);
    }
    if (wrong.length === 0) return {};
    throw new StepError(
      `The release failed: ${wrong.join('; ')}. After a roll back the last release serves again; the schema stays, which the last release works with. Look at the events of the stack and at the alarms.`,
    );
  },
});

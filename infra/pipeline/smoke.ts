import { z } from 'zod';
import { createAws } from './aws.ts';
import { smokeTest } from './smoke-test.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';

const secretSchema = z.object({ SecretString: z.string().min(1) });

await runStep({
  does: 'Moves one cent between the two accounts of the smoke tenant and back, as a client would, and reads balances and events. The key is that of the secret, or of the variable SMOKE_KEY.',
  options: {
    api: { form: z.url({ protocol: /^https?$/ }), means: 'where the API answers its clients' },
    secret: { form: z.string().min(1).optional(), means: 'the secret that has the key (operator smoke create)' },
    release: {
      form: z.string().regex(/^[A-Za-z0-9.:_-]{1,100}$/),
      means: 'names this test: the same name finds the same two transfers',
    },
    'within-minutes': {
      form: z.coerce.number().positive().max(30).default(3),
      means: 'minutes after which it gives up',
    },
  },
  run: async ({ api, secret, release, ...options }) => {
    const key = secret === undefined ? process.env['SMOKE_KEY'] : await keyIn(secret);
    if (!key) throw new StepError('There is no key: give --secret, or the variable SMOKE_KEY.');
    await smokeTest({ api: api.replace(/\/$/, ''), key, release, withinMs: options['within-minutes'] * 60_000 });
    return {};
  },
});

const keyIn = async (secret: string): Promise<string> =>
  secretSchema.parse(await createAws()('secretsmanager', 'get-secret-value', { SecretId: secret })).SecretString;

import { createApp } from './create-app.ts';
import { environments, place } from './place.ts';

/**
 * `node infra/synthesise.ts <folder> [--without-packs] [environment…]`: writes the assembly into a folder, as the CDK's command would,
 * without it. Exits with 1 and prints the findings when a policy is violated.
 */
const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say the folder of the assembly.');
const names = rest.filter((argument) => !argument.startsWith('--'));
const chosen = names.length === 0 ? Object.values(environments) : names.map(environmentCalled);
const app = createApp({ folder, packs: !rest.includes('--without-packs') });
place(app, chosen);
app.synth();

function environmentCalled(name: string) {
  const environment = environments[name];
  if (environment === undefined) throw new Error(`There is no environment ${name}.`);
  return environment;
}

import { check } from '../domain/check.ts';
import type { NetworkName, Rail, RailName, Rails, RailTerms } from '../domain/rail.ts';
import type { RailDefinition } from './definition.ts';
import { instant } from './instant/index.ts';

/** The registry: every network. A new rail is a folder and a row here. */
export const networks: readonly RailDefinition[] = [instant];

export const networkNames: readonly NetworkName[] = networks.map(({ name }) => name);

/** Every rail: the networks, and the ledger itself. */
export const railNames: readonly RailName[] = ['book', ...networkNames];

/** What an installation says of a network: its own settings, and the terms that it replaces. */
export type RailSettings = { settings: Record<string, unknown>; terms: Partial<RailTerms> };

/** Makes each of these networks ready to send. Throws for one that has no row in the registry. */
export const createRails = (settings: Readonly<Record<NetworkName, RailSettings>>): Rails =>
  Object.fromEntries(Object.entries(settings).map(([name, own]) => [name, createRail(name, own)]));

function createRail(name: NetworkName, { settings, terms }: RailSettings): Rail {
  const definition = networks.find((network) => network.name === name);
  check(definition, `the rail ${name} has no row in rails/index.ts`);
  const allTerms = { ...definition.terms, ...terms };
  const { termsVersion } = definition;
  return { name, terms: allTerms, termsVersion, ...definition.create(settings, allTerms) };
}

import type { z } from 'zod';
import type { Scheme } from '../domain/destination.ts';
import type { NetworkName, RailClient, RailTerms } from '../domain/rail.ts';

/**
 * Everything that the platform knows of a network: one row of `rails/index.ts`. Worker roles and queues, settings, the API's
 * bodies and `GET /v1/rails`, the database's row and each tenant's clearing accounts follow from it.
 */
export type RailDefinition<Settings extends z.ZodRawShape = z.ZodRawShape> = {
  /** Lower case, digits and underscores. Never changed: it stands in stored rows, ids of workflows and names of accounts. */
  name: NetworkName;
  /** `message`: one transfer is one message with an answer of its own. `file`: many transfers are one file. */
  kind: 'message' | 'file';
  /** What holds unless an installation replaces it. */
  terms: RailTerms;
  /** From 1. Raised with every change of `terms`: a worker of an older build then leaves the newer terms in the database alone. */
  termsVersion: number;
  /** Its own settings beside those of every rail; `url` of the rail `wire` is read from RAIL_WIRE_URL. `meta` says what each means. */
  settings: Settings;
  /** The schemes of bank accounts that it pays to. */
  destinations: readonly [Scheme, ...Scheme[]];
  // A method, so that a list may hold definitions with settings of different shapes. Each gets what its own shape has read.
  create(settings: z.output<z.ZodObject<Settings>>, terms: RailTerms): RailClient;
};

/** The definition as given, with the type of its settings checked against `create`. */
export const defineRail = <Settings extends z.ZodRawShape>(definition: RailDefinition<Settings>): RailDefinition =>
  definition;

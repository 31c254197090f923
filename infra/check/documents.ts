import { costDocument } from '../cost/document.ts';
import type { Synthesised } from '../requirements/synthesised.ts';
import { acknowledgementsDocument } from './documents/acknowledgements.ts';
import { architectureDocument } from './documents/architecture.ts';
import { environmentsDocument } from './documents/environments.ts';
import { requirementsDocument } from './documents/requirements.ts';
import { readFindings } from './report.ts';

/** The pages of docs/aws that are made from code, configurations and templates, by their path. */
export const documents = (views: readonly Synthesised[], folder: string): Record<string, string> => ({
  'docs/aws/acknowledgements.md': acknowledgementsDocument(readFindings(folder)),
  'docs/aws/architecture.md': architectureDocument(views),
  'docs/aws/cost.md': costDocument(),
  'docs/aws/environments.md': environmentsDocument(),
  'docs/aws/requirements.md': requirementsDocument(),
});

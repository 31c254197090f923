import type { Model } from './model.ts';
import type { Decision, Purpose } from './terms.ts';

/** What a request under a used key is answered: as the first one, when it is the same again; else what that one made. */
export function repeated(model: Model, key: string, purpose: Purpose): string | null {
  const first = model.keys.get(key);
  if (!first) return null;
  const isSame = first.kind === purpose.kind && first.hold === purpose.hold && first.body === purpose.body;
  return isSame ? `replayed ${first.answer}` : `key_reused ${first.made ?? 'nothing'}`;
}

/** Keeps what was decided under the key. */
export function decide(model: Model, key: string, decision: Decision): string {
  model.keys.set(key, decision);
  return `decided ${decision.answer}`;
}

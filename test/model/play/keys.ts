import type { Decision } from '../model/terms.ts';
import type { Play } from './play.ts';

const recent = 40;

/** A new key; or sometimes one that was used a short while ago by any kind of request, with the same body or a changed one. */
export function keyFor(
  { choose, model }: Play,
  id: string,
  isMeant: (decision: Decision) => boolean = () => true,
): { key: string; body: string; hold: string | null } {
  const used = [...model.keys].filter(([, decision]) => isMeant(decision)).slice(-recent);
  if (used.length === 0 || !choose.chance(15)) return { key: id, body: id, hold: null };
  const [key, { body, hold }] = choose.one(used);
  return { key, body: choose.chance(40) ? `${body} changed` : body, hold };
}

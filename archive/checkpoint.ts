import { type Edge, rootOf } from './tree.ts';

/** The tree of an epoch: each has a name of its own. */
export type TreeName = { origin: string; epoch: number };

/** What a checkpoint signs (https://c2sp.org/tlog-checkpoint): which tree, how many manifests it has, and the root over them. */
export const checkpointText = ({ origin, epoch }: TreeName, tree: Edge): string =>
  `${origin}/${epoch}\n${tree.size}\n${Buffer.from(rootOf(tree), 'hex').toString('base64')}\n`;

import { prefixes } from '../../domain/ids.ts';
import { madeFrom, table } from './table.ts';

const example = 'tr_01h455vb4pex5vsknk084sn02q';
const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';

/** docs/ids.md: what an id looks like, which prefix names which thing, and how a client reads one. */
export function idsDocument(): string {
  const rows = Object.entries(prefixes).map(([thing, prefix]) => [`\`${prefix}_\``, words(thing)]);
  return [
    madeFrom('`domain/ids.ts`'),
    '# Ids\n',
    'Every public id is a [TypeID](https://github.com/jetify-com/typeid/tree/main/spec), version 0.3 of the specification: a prefix',
    'that names the kind of thing, `_`, and a UUID in 26 characters of base 32. There are libraries for it in most languages.',
    '[domain/typeids.test.ts](../domain/typeids.test.ts) holds the examples of the specification, valid and invalid.\n',
    '```',
    `${example}    is the transfer ${uuid}`,
    '```\n',
    table(['prefix', 'thing'], rows),
    '- **Treat an id as text.** Store it as you got it, compare it byte for byte. It is always lower case and at most 32 characters.',
    '- **Ids sort by time.** The UUID is a version 7: its first 48 bits are the milliseconds since 1970, so a later id is a greater text.',
    '- **A wrong id is refused.** Another prefix, upper case, the letters `i l o u`, a first digit above 7: it is not an',
    '  id here. In a path the answer is `not_found`, in a query or a body `validation_failed`.',
    '- **The database stores the UUID**, and so do the logs of Postgres; any TypeID library converts one form to the other.\n',
  ].join('\n');
}

/** `apiKey` is `api key`. */
function words(name: string): string {
  return name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
}

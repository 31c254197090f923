import { check } from '../../domain/check.ts';
import { read } from '../../test/support/tree.ts';
import { bounds } from './bounds.ts';
import { table } from './table.ts';

/**
 * A limit that clients meet: what it limits, where its figure is in the code, and what happens at it. The figure is the bound of
 * that name in docs/bounds.md, or what the first group of a form finds in the file.
 */
type ClientLimit = [what: string, file: string, figure: string | RegExp, beyond: string, unit?: Unit];
type Unit = 'bytes' | 'seconds';

const groups: Record<string, ClientLimit[]> = {
  'A request': [
    ['body', 'api/http/request/read-body.ts', 'bodyLimits.bytesMax', '413', 'bytes'],
    ['body of a batch', 'api/transfers/batch-schema.ts', 'batchLimits.bytesMax', '413', 'bytes'],
    ['names of fields in a body', 'api/http/request/read-body.ts', 'bodyLimits.namesMax', '400'],
    ['levels of a body', 'api/http/request/strict-json.ts', 'depthMax', '400'],
    ['all headers', 'api/http/server.ts', 'serverBounds.headerBytes', '431', 'bytes'],
    ['address, in characters', 'api/http/middleware/headers.ts', 'urlMax', '414'],
    ['time for its headers to arrive', 'api/http/server.ts', 'serverBounds.headersMs', '408'],
    ['time for all of it to arrive', 'api/http/server.ts', 'serverBounds.requestMs', '408'],
    ['errors that an answer lists', 'api/http/request/validate.ts', 'errorsMax', 'the others are not shown'],
  ],
  'A second': [
    [
      'requests of a key, unless it has its own `rate_limit`',
      'api/http/request/authenticate.ts',
      /defaultRateLimit = ([\d_]+)/,
      '429',
    ],
    [
      'requests of all keys of a tenant, unless the operator sets another limit',
      'api/http/request/authenticate.ts',
      /defaultTenantRateLimit = ([\d_]+)/,
      '429',
    ],
  ],
  'At once': [
    ['requests of a tenant that wait for events', 'api/events/feed-news.ts', 'newsLimits.perTenantMax', '429'],
    ['wait for events, in milliseconds', 'api/events/schema.ts', 'waitMsMax', '400'],
    ['exports in a process of the API; one of a tenant', 'api/exports/slots.ts', 'runningMax', '429'],
    [
      'CSV and ISO 20022 files of statements in a process of the API; two of a tenant',
      'api/exports/slots.ts',
      'runningMax',
      '429',
    ],
    ['connections from one address', 'api/http/address-limit.ts', 'connectionsPerAddressMax', 'the next is closed'],
  ],
  'One thing': [
    ['transfers of a batch', 'api/transfers/batch-schema.ts', 'membersMax', '400'],
    ['days that a transfer may be dated ahead', 'api/transfers/schema.ts', 'executeAtDaysMax', '400'],
    ['postings of one document of a statement', 'domain/statement.ts', /postingsPerPart = ([\d_]+)/, 'it has parts'],
    ['legs of an entry', 'domain/entry.ts', 'legsMax', '400'],
    ['time that an entry may be dated ahead', 'domain/entry.ts', 'effectiveAheadMaxMs', '400'],
    ['captures of a hold', 'domain/hold.ts', 'capturesMax', '409 `state_conflict`'],
    ['days that a hold may last', 'domain/hold.ts', 'holdDays.max', '400'],
    ['texts in `metadata`', 'api/http/fields.ts', 'metadataFieldsMax', '400'],
    ['things on a page of a list', 'api/http/pagination.ts', 'limitMax', '400'],
    ['days of an export', 'api/exports/schema.ts', 'periodDaysMax', '400'],
    ['seconds that a link to a file lives', 'api/statements/link.ts', 'linkSeconds', '403'],
    ['types of events that a reader or an endpoint names', 'api/events/schema.ts', 'typesMax', '400'],
    ['overlap of a rotated key', 'api/api-keys/schema.ts', 'overlapSecondsMax', '400', 'seconds'],
    ['overlap of a rotated signing secret', 'api/webhook-endpoints/schema.ts', 'overlapSecondsMax', '400', 'seconds'],
  ],
  'A day': [
    ['statements on request, of one account, by UTC', 'domain/statement.ts', /interimsPerDay = ([\d_]+)/, '429'],
  ],
  'A tenant': [
    [
      'webhook endpoints',
      'ledger/notices/create-webhook-endpoint.sql',
      /tenant_id = new\.tenant_id\) >= (\d+)/,
      '409 `state_conflict`',
    ],
    ['API keys that work', 'ledger/access/api-key-terms.sql', /count\(\*\) >= (\d+)/, '409 `state_conflict`'],
  ],
};

/** What clients may ask for at most, and what they get beyond it. */
export const limitsTable = (): string =>
  Object.entries(groups)
    .map(([name, limits]) => [`## ${name}\n`, table(['what', 'at most', 'beyond it'], limits.map(row))].join('\n'))
    .join('\n');

const row = ([what, file, figure, beyond, unit]: ClientLimit): string[] => [
  what,
  inUnit(figureOf(file, figure), unit),
  beyond,
];

/** The figure as docs/bounds.md has it. A limit that nobody finds is an error: its constant has another name or place now. */
function figureOf(file: string, name: string | RegExp): string {
  const bound = bounds.find((one) => one.file === file && one.name === name)?.value;
  const figure = name instanceof RegExp ? name.exec(read(file))?.[1] : bound;
  check(figure, `docs/generate/limits.ts finds no ${name} in ${file}`);
  return figure;
}

const [kibibyte, daySeconds] = [1_024, 86_400];

function inUnit(figure: string, unit: Unit | undefined): string {
  const count = Number(figure.replaceAll(/[,_]/g, ''));
  if (unit === 'bytes') return `${count / kibibyte} KiB`;
  if (unit === 'seconds') return `${count / daySeconds} days`;
  return Number.isNaN(count) ? figure : count.toLocaleString('en');
}

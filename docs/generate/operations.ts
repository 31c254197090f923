import { refusals } from '../../api/http/refusals.ts';
import { routes } from '../../api/routes.ts';
import { check } from '../../domain/check.ts';
import type { RefusalRow } from '../../domain/refusals.ts';
import { linkTo } from './fields.ts';
import { bodyOf, operationOf, operations } from './openapi-parts.ts';
import { table } from './table.ts';

/** What the pages of docs/api show of operations, which are named by their ids. */

const fields = '../fields.md';
const refusalsPage = '../refusals.md';

/** The requests of a page: what each does, the scope that it needs, and what it takes and answers. */
export function operationsTable(ids: readonly string[]): string {
  const rows = ids.map((id) => {
    const { method, path, scope, operation } = routeOf(id);
    const { requestBody, responses } = operationOf(id);
    const answer = bodyOf(responses[String(operation.status)]);
    const body = bodyOf(requestBody);
    return [
      `\`${method} ${path}\``,
      operation.summary,
      scope === null ? 'any' : `\`${scope}\``,
      body === null ? '' : linkTo(body, fields),
      answer === null ? '' : linkTo(answer, fields),
    ];
  });
  return table(['request', 'what it does', 'scope', 'takes', 'answers'], rows);
}

/** The parameters of lists, apart from those that every list has. */
export function filtersTable(ids: readonly string[]): string {
  const rows = ids
    .flatMap((id) => operationOf(id).parameters)
    .filter((one) => one.in === 'query' && one.name !== 'limit' && one.name !== 'cursor')
    .map(({ name, description = '', schema }) => {
      const values = (schema.items ?? schema).enum ?? [];
      const shown = values.length > 0 && values.length <= shownValues;
      return [
        `\`${name}\``,
        `${description}${shown ? ` ${values.map((value) => `\`${value}\``).join(', ')}.` : ''}`.trim(),
      ];
    });
  return table(['parameter', 'meaning'], rows);
}
const shownValues = 10;

/** What these operations refuse beside what every request may be refused for, in the order of checking. */
export function refusalsTable(ids: readonly string[]): string {
  const its = new Set<string>(ids.flatMap((id) => routeOf(id).operation.refusals));
  const rows = all
    .filter(([code]) => its.has(code) && !explained.has(code))
    .map(([code, { status, title, action }]) => [
      `[\`${code}\`](${refusalsPage}#${code})`,
      String(status),
      title,
      action,
    ]);
  return table(['code', 'status', 'what happened', 'what to do'], rows);
}
/** Those that docs/api/errors.md explains for all of them. */
const explained = new Set(['validation_failed', 'not_found', 'idempotency_key_reused']);
const all: [string, RefusalRow][] = Object.entries(refusals);

/** Every list with a cursor, and what may be asked of it. */
export function listsTable(): string {
  const rows = operations
    .filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'))
    .map(({ operationId, parameters }) => {
      const { method, path } = routeOf(operationId);
      const filters = parameters.filter((one) => one.in === 'query' && one.name !== 'limit' && one.name !== 'cursor');
      return [`\`${method} ${path}\``, filters.map(({ name }) => `\`${name}\``).join(', ')];
    });
  return table(['list', 'filters'], rows);
}

/** The codes of each status, and whether the same request may succeed later. */
export function statusesTable(): string {
  const byStatus = Map.groupBy(all, ([, { status }]) => status);
  const rows = [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, its]) => [
      String(status),
      its.map(([code]) => `[\`${code}\`](${refusalsPage}#${code})`).join(', '),
      again(its),
    ]);
  return table(['status', 'codes', '`retryable`'], rows);
}

function again(its: [string, RefusalRow][]): string {
  const yes = its.filter(([, { retryable }]) => retryable).map(([code]) => code);
  return yes.length === 0 ? '`false`' : yes.length === its.length ? '`true`' : yes.join(', ');
}

function routeOf(id: string) {
  const route = routes.find(({ operation }) => operation.id === id);
  check(route, `api/routes.ts has no operation ${id}`);
  return route;
}

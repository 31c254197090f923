/** A node of an OpenAPI document, as JSON. */
type Node = { readonly [name: string]: unknown };
type Side = 'request' | 'response';

/**
 * What of a later document breaks clients of an earlier one, a sentence each: an operation, a parameter or a field that is gone, one that
 * is required now, a value that is no longer taken, another type. What is only added breaks nobody: requests may have more
 * optional fields, answers more fields, statuses and words.
 */
export function breakingChanges(before: Node, after: Node): string[] {
  const found: string[] = [];
  for (const [path, methods] of Object.entries(nodeAt(before, 'paths'))) {
    for (const [method, operation] of Object.entries(asNode(methods))) {
      const at = `${method.toUpperCase()} ${path}`;
      const now = nodeAt(after, 'paths', path)[method];
      if (now === undefined) found.push(`${at} is gone`);
      else found.push(...changesOfOperation({ at, before, after }, asNode(operation), asNode(now)));
    }
  }
  return found;
}

type Place = { at: string; before: Node; after: Node };

function changesOfOperation(place: Place, was: Node, now: Node): string[] {
  const named = was['operationId'] === now['operationId'] ? [] : [`${place.at} has another operationId`];
  return [
    ...named,
    ...changesOfParameters(place, was, now),
    ...changesOfBody(place, was, now),
    ...changesOfAnswers(place, was, now),
  ];
}

function changesOfParameters(place: Place, was: Node, now: Node): string[] {
  const [earlier, later] = [parametersOf(place.before, was), parametersOf(place.after, now)];
  const found = [...later]
    .filter(([name, one]) => one['required'] === true && earlier.get(name)?.['required'] !== true)
    .map(([name]) => `${place.at}: ${name} is required now`);
  for (const [name, one] of earlier) {
    const its = later.get(name);
    if (its === undefined) found.push(`${place.at}: ${name} is gone`);
    else
      found.push(
        ...changesOfSchema({ ...place, at: `${place.at}: ${name}` }, [one['schema'], its['schema']], 'request'),
      );
  }
  return found;
}

function parametersOf(document: Node, operation: Node): Map<string, Node> {
  const parameters = asList(operation['parameters']).map((one) => resolved(document, one));
  return new Map(parameters.map((one) => [`${String(one['in'])} ${String(one['name'])}`, one]));
}

function changesOfBody(place: Place, was: Node, now: Node): string[] {
  const [earlier, later] = [nodeAt(was, 'requestBody'), nodeAt(now, 'requestBody')];
  const at = `${place.at}: body`;
  const required = later['required'] === true && earlier['required'] !== true ? [`${at} is required now`] : [];
  const pair = [nodeAt(earlier, ...jsonOf), nodeAt(later, ...jsonOf)] as const;
  return was['requestBody'] === undefined
    ? required
    : [...required, ...changesOfSchema({ ...place, at }, pair, 'request')];
}

const jsonOf = ['content', 'application/json', 'schema'];

function changesOfAnswers(place: Place, was: Node, now: Node): string[] {
  return Object.entries(nodeAt(was, 'responses'))
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, answer]) => {
      const at = `${place.at}: ${status}`;
      const its = nodeAt(now, 'responses')[status];
      if (its === undefined) return [`${at} is gone`];
      const headers = Object.keys(nodeAt(asNode(answer), 'headers')).filter(
        (name) => !(name in nodeAt(asNode(its), 'headers')),
      );
      const pair = [nodeAt(asNode(answer), ...jsonOf), nodeAt(asNode(its), ...jsonOf)] as const;
      return [
        ...headers.map((name) => `${at}: header ${name} is gone`),
        ...changesOfSchema({ ...place, at }, pair, 'response'),
      ];
    });
}

/** Compares two schemas, following names; a schema in itself is looked at once. */
function changesOfSchema(
  place: Place,
  [was, now]: readonly [unknown, unknown],
  side: Side,
  seen: readonly string[] = [],
): string[] {
  const key = JSON.stringify([was, now]);
  if (seen.includes(key)) return [];
  const [earlier, later] = [resolved(place.before, was), resolved(place.after, now)];
  const deeper = [...seen, key];
  const found = [...changesOfType(place, earlier, later, side), ...changesOfFields(place, earlier, later, side)];
  for (const [name, schema] of Object.entries(nodeAt(earlier, 'properties'))) {
    const its = nodeAt(later, 'properties')[name];
    // A field that a change only takes back as it was read: what else it might be nobody could send before either.
    const isReadOnly = side === 'request' && asNode(schema)['readOnly'] === true && asNode(its)['readOnly'] === true;
    if (its !== undefined && !isReadOnly)
      found.push(...changesOfSchema({ ...place, at: `${place.at} ${name}` }, [schema, its], side, deeper));
  }
  if (earlier['items'] !== undefined && later['items'] !== undefined)
    found.push(
      ...changesOfSchema({ ...place, at: `${place.at} []` }, [earlier['items'], later['items']], side, deeper),
    );
  if (!hasAlternatives(earlier) && !hasAlternatives(later)) return found;
  const { pairs, gone, added } = matched(toAlternatives(place.before, was), toAlternatives(place.after, now));
  const wrong = side === 'request' ? gone : added;
  return [
    ...found,
    // Types are compared already: what is left are names and objects.
    ...wrong
      .filter(({ name, types }) => name !== null || types === 'object')
      .map(({ name }) => `${place.at} ${side === 'request' ? 'is no longer' : 'may be'} ${name ?? 'another object'}`),
    ...pairs.flatMap(([one, other]) => changesOfSchema(place, [one.node, other.node], side, deeper)),
  ];
}

type Alternative = { node: unknown; name: string | null; types: string };

const listOf = (schema: Node): readonly unknown[] => [...asList(schema['anyOf']), ...asList(schema['oneOf'])];
const hasAlternatives = (schema: Node): boolean => listOf(schema).length > 0;

/** What a schema allows one of. One without alternatives is its only one. */
function toAlternatives(document: Node, node: unknown): Alternative[] {
  const schema = resolved(document, node);
  return (hasAlternatives(schema) ? listOf(schema) : [node]).map((one) => {
    const name = asNode(one)['$ref'];
    const types = typesOf(document, resolved(document, one)).toSorted().join();
    return { node: one, name: typeof name === 'string' ? name : null, types };
  });
}

type Matched = { pairs: (readonly [Alternative, Alternative])[]; gone: Alternative[]; added: Alternative[] };

/** Pairs those of one name. Of the rest one without a name fits one of its type: a name that it is given changes nothing that is sent. */
function matched(was: readonly Alternative[], now: readonly Alternative[]): Matched {
  const left = new Set(now);
  const take = (fits: (other: Alternative) => boolean): Alternative | undefined => {
    const found = [...left].find(fits);
    if (found) left.delete(found);
    return found;
  };
  const found = was
    .map((one) => ({ one, other: one.name === null ? undefined : take(({ name }) => name === one.name) }))
    .map(({ one, other }) => ({
      one,
      other: other ?? take(({ name, types }) => (one.name === null || name === null) && types === one.types),
    }));
  return {
    pairs: found.flatMap(({ one, other }) => (other ? [[one, other] as const] : [])),
    gone: found.flatMap(({ one, other }) => (other ? [] : [one])),
    added: [...left],
  };
}

/** Types and words. A request may take more of them, an answer may have fewer types and any words. */
function changesOfType({ at, before, after }: Place, was: Node, now: Node, side: Side): string[] {
  const [earlier, later] = [typesOf(before, was), typesOf(after, now)];
  const [gone, added] = [
    earlier.filter((kind) => !later.includes(kind)),
    later.filter((kind) => !earlier.includes(kind)),
  ];
  const wrong = side === 'request' ? gone : added;
  const words = (node: Node) => (node['const'] === undefined ? asList(node['enum']) : [node['const']]).map(String);
  const lost = words(now).length === 0 ? [] : words(was).filter((word) => !words(now).includes(word));
  const narrowed = side === 'request' && words(was).length === 0 && words(now).length > 0 ? ['any other'] : lost;
  return [
    ...wrong.map((kind) => `${at} ${side === 'request' ? 'is no longer' : 'may be'} ${kind}`),
    ...(side === 'request' ? narrowed.map((word) => `${at} no longer takes ${word}`) : []),
    ...(side === 'request'
      ? limits.filter((limit) => isTighter(limit, was, now)).map((limit) => `${at} has a tighter ${limit}`)
      : []),
  ];
}

const limits = ['maxLength', 'maximum', 'maxItems', 'minLength', 'minimum', 'minItems', 'minProperties', 'pattern'];

function isTighter(limit: string, was: Node, now: Node): boolean {
  const [earlier, later] = [was[limit], now[limit]];
  if (later === undefined || later === earlier) return false;
  if (earlier === undefined || limit === 'pattern') return true;
  return limit.startsWith('max') ? Number(later) < Number(earlier) : Number(later) > Number(earlier);
}

/** The types that a schema allows: of alternatives, those of each. */
function typesOf(document: Node, schema: Node): string[] {
  const types = typeof schema['type'] === 'string' ? [schema['type']] : asList(schema['type']).map(String);
  const ofEach = listOf(schema).flatMap((one) => typesOf(document, resolved(document, one)));
  return [...new Set([...types, ...ofEach])];
}

function changesOfFields({ at }: Place, was: Node, now: Node, side: Side): string[] {
  const [had, has] = [Object.keys(nodeAt(was, 'properties')), Object.keys(nodeAt(now, 'properties'))];
  const [needed, needs] = [asList(was['required']).map(String), asList(now['required']).map(String)];
  const gone = had.filter((name) => !has.includes(name)).map((name) => `${at} ${name} is gone`);
  const changed =
    side === 'request'
      ? needs.filter((name) => !needed.includes(name)).map((name) => `${at} ${name} is required now`)
      : needed
          .filter((name) => has.includes(name) && !needs.includes(name))
          .map((name) => `${at} ${name} may be absent`);
  return [...gone, ...changed];
}

/** What a node names, or itself. */
function resolved(document: Node, node: unknown): Node {
  const reference = asNode(node)['$ref'];
  return typeof reference === 'string' ? nodeAt(document, ...reference.slice(2).split('/')) : asNode(node);
}

const nodeAt = (node: Node, ...steps: string[]): Node =>
  steps.reduce<Node>((inner, step) => asNode(inner[step.replaceAll('~1', '/')]), node);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const asNode = (value: unknown): Node => (isNode(value) ? value : {});
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

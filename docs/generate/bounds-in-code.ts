import ts from 'typescript';
import { duration } from './table.ts';

/** One bound: where it stands, how it is called, what it is, and the comment beside it. */
export type Bound = { file: string; name: string; value: string; why: string };

/** Comments of the members of object types, by type name and member name. */
export type TypeDocs = Map<string, Map<string, string>>;

/** A name that reads as a bound. */
const boundName =
  /(Ms|Seconds|Days|Max|Most|Min|Bytes|Bits|Depth|Lanes|Length|Tries|Size|AtOnce|[pP]er(Call|Second|Day|Part|Lane|Thread|Take))$|^(lanes|most|members|bytes|concurrency|depth|max)$/;
/** A unit of time, not a bound. */
const unitName = /^(second|minute|hour|day)Ms$/;
/** An object whose figures are all bounds. */
const boundsObject = /(Terms|Waits|Limits|limits|bounds|Bounds)$/;

/** The bounds at the top level of a file: named figures, and the figures of objects of bounds. */
export function boundsOf(source: ts.SourceFile, docs: TypeDocs): Bound[] {
  return declarations(source).flatMap(({ name, initializer, type }) => {
    const value = initializer && unwrapped(initializer);
    if (!value || !ts.isIdentifier(name)) return [];
    const typeName = type?.getText(source) ?? satisfied(initializer)?.getText(source) ?? '';
    if (ts.isObjectLiteralExpression(value)) return members(source, name.text, value, docs.get(typeName));
    const isBound = boundName.test(name.text) && !unitName.test(name.text);
    const figure = isBound ? figureOf(value, source) : null;
    const why = commentOf(name.parent.parent.parent, source);
    return figure ? [{ file: source.fileName, name: name.text, value: shown(name.text, figure), why }] : [];
  });
}

/** Reads the comments of every object type, so that a figure can borrow that of the member it fills. */
export function docsOfTypes(sources: readonly ts.SourceFile[]): TypeDocs {
  const docs: TypeDocs = new Map();
  for (const source of sources) {
    for (const statement of source.statements) {
      if (!ts.isTypeAliasDeclaration(statement) || !ts.isTypeLiteralNode(statement.type)) continue;
      const own = statement.type.members.map((member): [string, string] => [
        member.name?.getText(source) ?? '',
        commentOf(member, source),
      ]);
      docs.set(statement.name.text, new Map(own));
    }
  }
  return docs;
}

function members(
  source: ts.SourceFile,
  object: string,
  literal: ts.ObjectLiteralExpression,
  docs?: Map<string, string>,
): Bound[] {
  return literal.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property)) return [];
    const member = property.name.getText(source);
    const isBound = boundsObject.test(object.split('.')[0] ?? '') || boundName.test(member);
    const value = unwrapped(property.initializer);
    if (isBound && ts.isObjectLiteralExpression(value)) return members(source, `${object}.${member}`, value, docs);
    const figure = isBound ? figureOf(value, source) : null;
    if (!figure) return [];
    const why = [docs?.get(member), commentOf(property, source)].filter((part) => part).join(' ');
    return [{ file: source.fileName, name: `${object}.${member}`, value: shown(member, figure), why }];
  });
}

/** The figure of an initializer as it is written, when it is made of figures only: literals, names of units, lists of them. */
function figureOf(node: ts.Expression, source: ts.SourceFile): string | null {
  const text = unwrapped(node).getText(source);
  return /^([[\]\d_\s*+,().]|\b(second|minute|hour)s?\b)+$/i.test(text) && /\d/.test(text) ? text : null;
}

/** `10_000` or `10 * SECOND` of a name that counts milliseconds is `10 s`; other figures stand as written. */
function shown(name: string, figure: string): string {
  const plain = figure
    .replaceAll('_', '')
    .replaceAll(/(\d+) \* (second|minute|hour)/gi, (_, n, unit) => withUnit(n, unit));
  const product = /^\d+( \* \d+)*$/.test(plain) ? plain.split(' * ').reduce((total, n) => total * Number(n), 1) : null;
  if (product === null) return plain.toLowerCase();
  return /Ms$/.test(name) ? duration(product) : product.toLocaleString('en');
}

function withUnit(count: string, unit: string): string {
  const names: Record<string, string> = { second: 's', minute: 'min', hour: 'h' };
  return `${count} ${names[unit.toLowerCase()] ?? unit}`;
}

/** The comment right above a node. Lines of `//` without an empty line between them are one comment. */
function commentOf(node: ts.Node, source: ts.SourceFile): string {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const last = ranges.at(-1);
  if (!last) return '';
  const isLine = ({ kind }: ts.CommentRange) => kind === ts.SyntaxKind.SingleLineCommentTrivia;
  const isApart = (range: ts.CommentRange, n: number) =>
    !isLine(range) || /\n\s*\n/.test(source.text.slice(range.end, ranges[n + 1]?.pos));
  const first = isLine(last) ? (ranges[ranges.slice(0, -1).findLastIndex(isApart) + 1] ?? last) : last;
  return source.text
    .slice(first.pos, last.end)
    .replaceAll(/^\/\*\*?|\s*\*\/$|^\s*\*\s?|^\s*\/\/\s?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function declarations(source: ts.SourceFile): ts.VariableDeclaration[] {
  return source.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [],
  );
}

function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? unwrapped(node.expression) : node;
}

function satisfied(node: ts.Expression): ts.TypeNode | null {
  return ts.isSatisfiesExpression(node) ? node.type : ts.isAsExpression(node) ? satisfied(node.expression) : null;
}

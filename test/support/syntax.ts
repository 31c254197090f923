import ts from 'typescript';
import { read } from './tree.ts';

/** What the rules ask of a TypeScript file's syntax tree. */
export type FunctionShape = { name: string; line: number; lines: number; parameters: number; describes: boolean };

/** Every function of a file with its length, from the line of its head to its closing brace. */
export function functionsOf(file: string): FunctionShape[] {
  const found: FunctionShape[] = [];
  visit(file, (node, source) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    const caller = ts.isCallExpression(node.parent) ? node.parent.expression.getText(source) : '';
    found.push({
      name: nameOf(node, source),
      line: first + 1,
      lines: last - first + 1,
      parameters: node.parameters.length,
      describes: caller.startsWith('describe'),
    });
  });
  return found;
}

/** The names that a file exports, types among them unless only values are asked for. */
export function exportsOf(file: string, { onlyValues = false } = {}): string[] {
  const found: string[] = [];
  visit(file, (node) => {
    if (onlyValues && (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node))) return;
    if (ts.isExportSpecifier(node)) found.push(node.name.text);
    if (!ts.canHaveModifiers(node) || !node.modifiers?.some((word) => word.kind === ts.SyntaxKind.ExportKeyword))
      return;
    if (ts.isVariableStatement(node))
      found.push(...node.declarationList.declarations.map(({ name }) => name.getText()));
    else if (isNamed(node)) found.push(node.name.text);
  });
  return found;
}

/** The members of a file's exported types and interfaces, nested ones too, each once. */
export function membersOf(file: string): string[] {
  const found = new Set<string>();
  const collect = (node: ts.Node): void => {
    if ((ts.isPropertySignature(node) || ts.isMethodSignature(node)) && !ts.isComputedPropertyName(node.name))
      found.add(node.name.text);
    ts.forEachChild(node, collect);
  };
  visit(file, (node) => {
    if (!ts.isTypeAliasDeclaration(node) && !ts.isInterfaceDeclaration(node)) return;
    if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) collect(node);
  });
  return [...found];
}

/** Every name that a file declares: of variables, parameters, functions, types and the members of its types. Each once. */
export function declaredNamesOf(file: string): string[] {
  const found = new Set<string>();
  visit(file, (node) => {
    const isMember = ts.isPropertySignature(node) || ts.isMethodSignature(node);
    const isDeclared = isMember || ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);
    const isType = ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node);
    if ((isDeclared || isType || ts.isFunctionDeclaration(node)) && node.name && ts.isIdentifier(node.name))
      found.add(node.name.text);
  });
  return [...found];
}

/** The names by which a file imports from our own files: `name` of `path as written`. */
export function importsOf(file: string): { from: string; names: string[]; all: boolean }[] {
  const found: { from: string; names: string[]; all: boolean }[] = [];
  visit(file, (node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return;
    if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) return;
    const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
    const named =
      bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? [...bindings.elements] : [];
    const names = named.map((element) => (element.propertyName ?? element.name).text);
    found.push({ from: node.moduleSpecifier.text, names, all: names.length === 0 });
  });
  return found;
}

/** How often a file catches: `catch` clauses and `.catch(…)` calls. */
export function catchesOf(file: string): number {
  let count = 0;
  visit(file, (node) => {
    if (ts.isCatchClause(node)) count += 1;
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'catch' && ts.isCallExpression(node.parent))
      count += 1;
  });
  return count;
}

/** The classes of a file, each with what it extends. */
export function classesOf(file: string): { name: string; extends: string }[] {
  const found: { name: string; extends: string }[] = [];
  visit(file, (node, source) => {
    if (!ts.isClassLike(node)) return;
    const parent = node.heritageClauses?.[0]?.types[0]?.expression.getText(source) ?? '';
    found.push({ name: node.name?.text ?? 'a class', extends: parent });
  });
  return found;
}

/** The property names of the object literals given to `z.object(…)` and the like: the fields of a wire format. */
export function schemaFieldsOf(file: string): string[] {
  const found: string[] = [];
  visit(file, (node, source) => {
    if (
      !ts.isCallExpression(node) ||
      !/^z\s*\.(strictObject|object|looseObject)$/.test(node.expression.getText(source))
    )
      return;
    const [shape] = node.arguments;
    if (!shape || !ts.isObjectLiteralExpression(shape)) return;
    for (const { name } of shape.properties) if (name && !ts.isComputedPropertyName(name)) found.push(name.text);
  });
  return found;
}

const trees = new Map<string, ts.SourceFile>();

function visit(file: string, see: (node: ts.Node, source: ts.SourceFile) => void): void {
  const source = trees.get(file) ?? ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2023, true);
  trees.set(file, source);
  const walk = (node: ts.Node): void => {
    see(node, source);
    ts.forEachChild(node, walk);
  };
  walk(source);
}

function isNamed(node: ts.Node): node is ts.Node & { name: ts.Identifier } {
  return 'name' in node && typeof node.name === 'object' && node.name !== null && 'text' in node.name;
}

function nameOf(node: ts.SignatureDeclaration, source: ts.SourceFile): string {
  if (node.name) return node.name.getText(source);
  if (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent))
    return node.parent.name.getText(source);
  return 'a function';
}

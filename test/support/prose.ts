import ts from 'typescript';
import { read } from './tree.ts';

/** A piece of text for people and the line it begins on. */
export type Prose = { line: number; text: string };

/**
 * What a file says to people: documents without their code, comments, and the strings of code that hold more than one
 * word. A name is not prose.
 */
export function proseOf(file: string): Prose[] {
  const known = pieces.get(file) ?? piecesOf(file);
  pieces.set(file, known);
  return known;
}

const pieces = new Map<string, Prose[]>();

function piecesOf(file: string): Prose[] {
  const found = /\.(ts|mjs)$/.test(file) ? inCode(file) : /\.md$/.test(file) ? inDocument(file) : inOther(file);
  return found
    .map(({ line, text }) => ({
      line,
      text: text
        .replaceAll(/`[^`\n]*`/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    }))
    .filter(({ text }) => text.includes(' '));
}

function inDocument(file: string): Prose[] {
  let line = 1;
  return read(file)
    .replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, ''))
    .split(/(\n(?:\s*\n)+|\n(?=[|#]))/)
    .map((text) => {
      const here = line;
      line += text.split('\n').length - 1;
      return { line: here, text };
    });
}

/** Comments of TypeScript, a run of `//` lines being one; strings and the texts of templates. */
function inCode(file: string): Prose[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2023, true);
  const found: Prose[] = [];
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const comments = new Map<number, string>();
  const collect = (node: ts.Node): void => {
    for (const ranges of [
      ts.getLeadingCommentRanges(source.text, node.getFullStart()),
      ts.getTrailingCommentRanges(source.text, node.end),
    ])
      for (const { pos, end } of ranges ?? []) comments.set(pos, source.text.slice(pos, end));
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push({ line: lineAt(node.getStart(source)), text: node.text });
    node.getChildren(source).forEach(collect);
  };
  collect(source);
  const marks = /^\/\*\*?|\*\/$|^\s*\*\s?|^\s*\/\/\s?/gm;
  const byPosition = [...comments].sort(([a], [b]) => a - b);
  for (const [position, text] of byPosition) {
    const before = found.at(-1);
    const isRun =
      text.startsWith('//') &&
      before?.text.endsWith('\n') &&
      before.line === lineAt(position) - before.text.split('\n').length + 1;
    if (isRun && before) before.text += `${text.replaceAll(marks, '')}\n`;
    else
      found.push({ line: lineAt(position), text: `${text.replaceAll(marks, '')}${text.startsWith('//') ? '\n' : ''}` });
  }
  return found;
}

/** SQL: runs of `--` lines and string constants. Settings files: runs of `#` lines. */
function inOther(file: string): Prose[] {
  const found: Prose[] = [];
  const mark = file.endsWith('.sql') ? /(?:^|\s)--\s?(.*)$/ : /(?:^|\s)#\s?(.*)$/;
  let lastLine = 0;
  for (const [index, line] of read(file).split('\n').entries()) {
    const comment = mark.exec(line)?.[1];
    const run = found.at(-1);
    if (comment !== undefined && run && lastLine === index) run.text += ` ${comment}`;
    else if (comment !== undefined) found.push({ line: index + 1, text: comment });
    if (comment !== undefined) lastLine = index + 1;
    if (file.endsWith('.sql') && comment === undefined)
      for (const [, text = ''] of line.matchAll(/'((?:[^']|'')*)'/g)) found.push({ line: index + 1, text });
  }
  return found;
}

import { read } from './tree.ts';

/**
 * A block of shell in a page that a test runs: one or more calls of curl. In the page a comment follows it,
 * `<!-- answers 201, ADA=account_id -->`: the status of each call, and what of the last answer is kept in a variable for the blocks
 * after it. A block of JSON that follows is what the last answer shows: its members are compared, the answer may have more, and `…`
 * ends a text whose rest is different each time.
 */
export type Example = {
  page: string;
  line: number;
  script: string;
  statuses: number[];
  /** Names of variables, each with the way to a member of the answer: `id`, `data.0.id`. */
  kept: Record<string, string>;
  shown: unknown;
};

const blockForm = /^```sh\n([\s\S]*?)^```\n(?:\s*<!-- answers ([^>]*?) -->\n(?:\s*```json\n([\s\S]*?)^```\n)?)?/gm;

/** The examples of a page. A block that calls somebody and says no answer is one too, and fails: each has an answer. */
export function examplesOf(page: string): Example[] {
  const text = read(page);
  return [...text.matchAll(blockForm)]
    .filter(([, script = '']) => /\bcurl\b/.test(script))
    .map(({ 1: script = '', 2: answers = '', 3: shown, index }) => {
      const words = answers.split(/[,\s]+/).filter((word) => word !== '');
      return {
        page,
        line: text.slice(0, index).split('\n').length,
        script,
        statuses: words.filter((word) => /^[0-9]{3}$/.test(word)).map(Number),
        kept: Object.fromEntries(words.filter((word) => word.includes('=')).map((word) => word.split('='))),
        shown: shown === undefined ? undefined : JSON.parse(shown),
      };
    });
}

/** The requests of a page's examples: `POST /v1/holds/$HOLD/captures`. */
export const callsOf = (page: string): string[] =>
  examplesOf(page)
    .flatMap(({ script }) => script.split(/\bcurl\b/).slice(1))
    // A link is followed as it is.
    .filter((call) => call.includes('"$API'))
    .map((call) => {
      const path = /"\$API([^"?]*)/.exec(call)?.[1] ?? '';
      const method = /-X ([A-Z]+)/.exec(call)?.[1] ?? (/\s-d\s/.test(call) ? 'POST' : 'GET');
      return `${method} ${path}`;
    });

/** The idempotency keys of a page's examples, each once. */
export const keysOf = (page: string): string[] => {
  const scripts = examplesOf(page).map(({ script }) => script);
  const keys = scripts.flatMap((script) => [...script.matchAll(keyForm)].map(([, key = '']) => key));
  return [...new Set(keys)];
};
const keyForm = /(?:Idempotency-Key: |idempotency_key\\?": ?\\?")([^"'\\]+)/g;

/** A program in a page that a test runs: `<!-- prints … -->` below it is the form of what it prints. */
export type PageProgram = { language: string; source: string; prints: RegExp };

const programForm = /^```(ts|js|python)\n([\s\S]*?)^```\n<!-- prints (.*?) -->$/gm;

/** The programs of a page, in its order. */
export const programsOf = (page: string): PageProgram[] =>
  [...read(page).matchAll(programForm)].map(([, language = '', source = '', prints = '']) => ({
    ...{ language, source },
    prints: new RegExp(prints),
  }));

/** What an answer lacks of what a page shows, as ways to its members. */
export function lacking(shown: unknown, answer: unknown, way = ''): string[] {
  if (typeof shown === 'string' && shown.endsWith('…'))
    return typeof answer === 'string' && answer.startsWith(shown.slice(0, -1)) ? [] : [way];
  if (typeof shown !== 'object' || shown === null) return Object.is(shown, answer) ? [] : [way];
  if (typeof answer !== 'object' || answer === null) return [way];
  const sizes =
    Array.isArray(shown) && Array.isArray(answer) && shown.length !== answer.length ? [`${way}.length`] : [];
  const members = Object.entries(shown).flatMap(([name, value]) =>
    lacking(value, Reflect.get(answer, name), `${way}.${name}`),
  );
  return [...sizes, ...members];
}

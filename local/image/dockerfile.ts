/** One line of a Dockerfile, its continuations joined. `line` is where it begins, from 1. */
export type Instruction = { line: number; keyword: Keyword; flags: Readonly<Record<string, string>>; rest: string };

/** What stands between one FROM and the next. `base` is an image or the name of an earlier stage. */
export type Stage = { name: string | null; base: string; instructions: readonly Instruction[] };

const keywords = ['FROM', 'ARG', 'ENV', 'WORKDIR', 'RUN', 'COPY', 'ADD', 'USER', 'VOLUME', 'CMD'] as const;
type Keyword = (typeof keywords)[number];

/**
 * The stages of a Dockerfile. Strict: what an image would be made of must be known here as well, so a form that this does not read
 * (a heredoc, another escape character, an instruction that is not in the list) is thrown as a sentence with its line, and never passed over.
 * `args`: what `--build-arg` says.
 */
export function readDockerfile(text: string, args: Readonly<Record<string, string>> = {}): Stage[] {
  const stages: { name: string | null; base: string; instructions: Instruction[] }[] = [];
  const globals = new Map<string, string>();
  for (const instruction of instructionsOf(text)) {
    const { keyword, rest, line } = instruction;
    const stage = stages.at(-1);
    if (keyword === 'FROM') {
      const { base = '', name } = /^(?<base>\S+)(?: AS (?<name>[a-z][a-z0-9-]*))?$/.exec(rest)?.groups ?? {};
      if (base === '') refuse(line, 'FROM is `FROM <image>` or `FROM <image> AS <name>`');
      stages.push({ name: name ?? null, base: withGlobals(base, globals), instructions: [] });
    } else if (keyword === 'ARG') {
      const [name, value] = argumentOf(instruction);
      // A stage that names a global one takes its value.
      const decided = args[name] ?? value ?? (stage ? globals.get(name) : undefined);
      if (!stage) globals.set(name, decided ?? `\${${name}}`);
      else stage.instructions.push({ ...instruction, rest: decided === undefined ? name : `${name}=${decided}` });
    } else if (stage) stage.instructions.push(instruction);
    else refuse(line, `${keyword} stands before the first FROM`);
  }
  return stages;
}

/** Name and default of an ARG. A global one that nobody sets stays as `${NAME}`: who builds must say it. */
function argumentOf({ rest, line }: Instruction): [string, string | undefined] {
  const [, name = '', value] = /^([A-Z][A-Z0-9_]*)(?:=(\S+))?$/.exec(rest) ?? [];
  if (name === '') refuse(line, 'ARG is `ARG <NAME>` or `ARG <NAME>=<value>`');
  return [name, value];
}

const withGlobals = (base: string, globals: ReadonlyMap<string, string>): string =>
  base.replace(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => globals.get(name) ?? whole);

function instructionsOf(text: string): Instruction[] {
  const found: Instruction[] = [];
  let open: { line: number; text: string } | null = null;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (/^#\s*(syntax|escape|check)\s*=/i.test(line)) refuse(i + 1, 'a directive of the parser');
    // A comment may also stand between the lines of one instruction.
    if (line === '' || line.startsWith('#')) continue;
    const began: number = open?.line ?? i + 1;
    const whole: string = `${open?.text ?? ''}${line.replace(/\\$/, '')}`;
    open = line.endsWith('\\') ? { line: began, text: whole } : null;
    if (open === null) found.push(instructionOf(began, whole));
  }
  if (open) refuse(open.line, 'the instruction has no end');
  return found;
}

function instructionOf(line: number, text: string): Instruction {
  const [, word = '', after = ''] = /^(\S+)\s+(.*)$/.exec(text) ?? [];
  const keyword = keywords.find((known) => known === word);
  if (!keyword) return refuse(line, `\`${word || text}\` is not among ${keywords.join(', ')}`);
  if (after.includes('<<')) refuse(line, 'a heredoc');
  const flags: Record<string, string> = {};
  let rest = after;
  for (let match = flag.exec(rest); match; match = flag.exec(rest)) {
    const [whole, name = '', value = ''] = match;
    flags[name] = value;
    rest = rest.slice(whole.length);
  }
  return { line, keyword, flags, rest: rest.trim() };
}

const flag = /^--([a-z-]+)=(\S+)\s+/;

function refuse(line: number, what: string): never {
  throw new Error(
    `Line ${line} of the Dockerfile is not understood: ${what}. Extend local/image/dockerfile.ts, or write it otherwise.`,
  );
}

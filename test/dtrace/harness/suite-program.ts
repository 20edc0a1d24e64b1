// DTrace's own test suite (Debian's dtrace-tests), fetched and read as its runtest.sh reads it: a program, the
// options in its comments, the expected result beside it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const package_ = 'build/dtrace/tests';

/** The areas of test/unittest that are about the language and its output. */
const areas = [
  'aggs',
  'multiaggs',
  'arithmetic',
  'assocs',
  'scalars',
  'lexer',
  'operators',
  'predicates',
  'printf',
  'printa',
  'trace',
  'tracemem',
  'clauses',
  'begin',
  'end',
  'exit',
  'tick-n',
  'profile-n',
  'grammar',
  'rates',
];

export interface SuiteProgram {
  /** "aggs/tst.count.d" */
  readonly name: string;
  readonly text: string;
  /** Standard output, and behind a line that says so standard error; undefined: only the status counts. */
  readonly expected: string | undefined;
  /** A filter for the output, with its #! line; undefined: none. */
  readonly filter: string | undefined;
  /** Lines are compared in their order; else as a set. */
  readonly ordered: boolean;
  /** Whether it passes depends on the machine. */
  readonly unstable: boolean;
  /** `-C`: by cpp, with these options. */
  readonly preprocess: readonly string[] | undefined;
  readonly options: readonly string[];
}

/** Fetches the package unless it is there. @returns its folder, or why it cannot be had */
export function fetchSuite(): { folder: string } | { reason: string } {
  const { status, stderr } = spawnSync('test/vm/fetch-package', ['sid', package_, 'dtrace-tests'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) return { reason: stderr.trim().split('\n').at(-1) ?? 'fetch-package failed' };
  const libraries = path.join(root, package_, 'usr/lib');
  const suites = readdirSync(libraries).map((name) => path.join(libraries, name, 'dtrace/testsuite'));
  const folder = suites.find((suite) => existsSync(suite));
  return folder === undefined ? { reason: 'dtrace-tests has no test suite in it' } : { folder };
}

/** @param kind "tst": they run; "err": they are refused */
export function readPrograms(folder: string, kind: 'tst' | 'err'): SuiteProgram[] {
  return areas.flatMap((area) =>
    readdirSync(path.join(folder, 'test/unittest', area))
      .filter((file) => file.startsWith(`${kind}.`) && file.endsWith('.d'))
      .sort()
      .map((file) => readProgram(folder, `${area}/${file}`)),
  );
}

function readProgram(folder: string, name: string): SuiteProgram {
  const base = path.join(folder, 'test/unittest', name.slice(0, -'.d'.length));
  const text = readFileSync(`${base}.d`, 'latin1');
  const options = readOptions(text, 'runtest-opts')?.split(' ') ?? [];
  // The only ones there are: -qC, and -D for cpp.
  const preprocessed = options.includes('-qC');
  return {
    name,
    text,
    expected: readIfThere(`${base}.r`),
    filter: readIfThere(`${base}.r.p`),
    ordered: readOptions(text, 'nosort') !== undefined,
    unstable: readOptions(text, 'tags') === 'unstable',
    preprocess: preprocessed ? options.filter((option) => option.startsWith('-D')) : undefined,
    options: preprocessed ? ['-q'] : options,
  };
}

/** What stands behind `@@NAME:` in a comment; undefined if it does not say `@@NAME`. */
function readOptions(text: string, name: string): string | undefined {
  return new RegExp(`@@${name}(?: *: *(.*?))? *\\*/`).exec(text)?.map((part) => part ?? '')[1];
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
}

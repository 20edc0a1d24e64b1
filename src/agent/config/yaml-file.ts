// A YAML file as typed values: each reader takes a node, says what is wrong with it in its place, and goes on, so that
// all mistakes of a file are said together.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { escapeText } from '../../event/text.js';
import { nearestName } from '../../program/nearest-name.js';
import { ConfigError, type Problem } from './config-error.js';

/** A value in the file, and the key under which it stands: "metrics[0].name". */
export interface Entry {
  readonly node: Node | null;
  readonly key: string;
}

/** Gives undefined where something was wrong, which it has said. */
export type Read<T> = (entry: Entry) => T | undefined;

/** How much of a wrong value a message shows. */
const SHOWN_CHARACTERS = 40;

export class YamlFile {
  readonly path: string;
  readonly #problems: Problem[] = [];
  readonly #lines = new LineCounter();
  readonly #document: ReturnType<typeof parseDocument>;

  constructor(text: string, path: string) {
    this.path = path;
    const options = { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false };
    this.#document = parseDocument(text, options);
    for (const { code, message, pos } of [...this.#document.errors, ...this.#document.warnings]) {
      this.#report(
        pos[0],
        '',
        code === 'MULTIPLE_DOCS' ? 'expected one document, here begins another' : message,
      );
    }
  }

  /** The whole file; a file in which nothing stands has no node. */
  get root(): Entry {
    return { node: this.#document.contents, key: '' };
  }

  /** @throws ConfigError if anything was wrong */
  check(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.path, this.#problems);
  }

  report({ node, key }: Entry, message: string): void {
    this.#report(node?.range?.[0] ?? 0, key, message);
  }

  /** Says that `entry` is something else than `what`. */
  expected(entry: Entry, what: string): undefined {
    this.report(entry, `expected ${what}, this is ${describe(this.#resolve(entry.node))}`);
  }

  /**
   * The members of a mapping by their names, of which there are no others than these; undefined: it is no mapping.
   * Where nothing stands the mapping is empty.
   */
  readMap<Name extends string>(
    entry: Entry,
    names: readonly Name[],
  ): Partial<Record<Name, Entry>> | undefined {
    const node = this.#resolve(entry.node);
    if (node === null || (isScalar(node) && node.value === null)) return {};
    if (!isMap(node)) return this.expected(entry, `a mapping with ${listNames(names)}`);
    const members: Partial<Record<Name, Entry>> = {};
    for (const { key, name, value } of this.#readPairs(node, entry)) {
      const known = names.find((candidate) => candidate === name);
      if (known === undefined) this.#reportUnknown(key, name, names);
      else members[known] = value;
    }
    return members;
  }

  /** All members of a mapping whose keys are the user's own. */
  readEntries(entry: Entry): readonly (readonly [name: string, value: Entry])[] | undefined {
    const node = this.#resolve(entry.node);
    if (!isMap(node)) return this.expected(entry, 'a mapping');
    return this.#readPairs(node, entry).map(({ name, value }) => [name, value]);
  }

  /** Undefined where an item is wrong. */
  readList<T>(entry: Entry, what: string, read: Read<T>): T[] | undefined {
    const node = this.#resolve(entry.node);
    if (!isSeq(node)) return this.expected(entry, what);
    const items = node.items.map((item, index) =>
      read({ node: item as Node | null, key: `${entry.key}[${index}]` }),
    );
    return items.includes(undefined) ? undefined : (items as T[]);
  }

  readString(entry: Entry, what: string): string | undefined {
    const node = this.#resolve(entry.node);
    if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
    return this.expected(entry, what);
  }

  readBoolean(entry: Entry): boolean | undefined {
    const node = this.#resolve(entry.node);
    return isScalar(node) && typeof node.value === 'boolean'
      ? node.value
      : this.expected(entry, 'true or false');
  }

  readNumber(entry: Entry, what: string, isValid: (value: number) => boolean): number | undefined {
    const node = this.#resolve(entry.node);
    const isNumber = isScalar(node) && typeof node.value === 'number' && isValid(node.value);
    return isNumber ? (node.value as number) : this.expected(entry, what);
  }

  readChoice<Choice extends string>(entry: Entry, choices: readonly Choice[]): Choice | undefined {
    const node = this.#resolve(entry.node);
    const choice = isScalar(node) ? choices.find((candidate) => candidate === node.value) : undefined;
    return choice ?? this.expected(entry, `one of ${choices.join(', ')}`);
  }

  /** A scalar as it is written ("10m", 4096), as `parse` understands it; undefined of that: it is none. */
  readText<T>(entry: Entry, what: string, parse: (text: string) => T | undefined): T | undefined {
    const node = this.#resolve(entry.node);
    const isText = isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number');
    const value = isText ? parse(String(node.value)) : undefined;
    return value === undefined ? this.expected(entry, what) : value;
  }

  #readPairs(map: YAMLMap, { key: parent }: Entry): { key: Entry; name: string; value: Entry }[] {
    const taken = new Set<string>();
    return map.items.map((pair) => {
      const key = pair.key as Node | null;
      const name = isScalar(key) ? String(key.value) : String(key);
      const path = parent === '' ? name : `${parent}.${name}`;
      if (taken.has(name)) this.report({ node: key, key: path }, 'expected each key once');
      taken.add(name);
      // Where no value stands, the key is the place.
      const value = (pair.value as Node | null) ?? key;
      return { key: { node: key, key: path }, name, value: { node: value, key: path } };
    });
  }

  #reportUnknown(key: Entry, name: string, names: readonly string[]): void {
    const nearest = nearestName(name, names);
    const hint = nearest === undefined ? `expected ${listNames(names)}` : `did you mean '${nearest}'?`;
    this.report(key, `unknown key '${shorten(name)}': ${hint}`);
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
  }

  #report(offset: number, key: string, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.#problems.push({ line: Math.max(1, line), column: Math.max(1, col), key: escapeText(key), message });
  }
}

function listNames(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function shorten(text: string): string {
  const escaped = escapeText(text);
  return escaped.length > SHOWN_CHARACTERS ? `${escaped.slice(0, SHOWN_CHARACTERS)}…` : escaped;
}

function describe(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'empty';
  return typeof node.value === 'string' ? `'${shorten(node.value)}'` : shorten(String(node.value));
}

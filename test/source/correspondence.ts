// A field of ours and tshark's of the same meaning, and how the values of both are written alike.
import { collect, type DissectedMessage, findQuoted, type Node, type Tree } from './tshark.js';

export type Item = Readonly<Record<string, unknown>>;

/** An event of ours: `-f json`. */
export interface Event {
  readonly probe: string;
  readonly time: string;
  readonly ipinfo: Item;
  readonly icmpinfo: Item;
  readonly ifindex: number;
  readonly rtt?: number;
  readonly truncated: number;
}

export interface Correspondence {
  /** Ours, as `icmpprobe fields` names it; a list's member behind "[]". */
  readonly ours: string;
  /** tshark's, for people. */
  readonly theirs: string;
  /** Of one message, all values; [] where there is none. */
  readonly ourValues: (event: Event) => string[];
  readonly theirValues: (message: DissectedMessage) => string[];
}

export type Format = (value: unknown) => string;

export const number: Format = (value) => String(Number(value));
export const text: Format = (value) => String(value);
/** "600.000000000", or "600". */
export const seconds: Format = (value) => String(Number.parseInt(String(value), 10));
export const named =
  (names: readonly string[]): Format =>
  (value) =>
    names[Number(value)] ?? String(value);
/** A number of which we say 0 where a message has none, and tshark says nothing. */
export const numberOrNone: Format = (value) => (Number(value) === 0 ? '' : number(value));

const present = (values: readonly string[]) => values.filter((value) => value !== '');

function ours(name: string, format: Format) {
  const struct = name.startsWith('ip_') ? 'ipinfo' : 'icmpinfo';
  return (event: Event) => {
    const value = event[struct][name];
    return value === undefined || value === null ? [] : present([format(value)]);
  };
}

type TreeOf = (message: DissectedMessage) => Node | undefined;

function first(
  name: string,
  trees: readonly TreeOf[],
  fields: readonly string[],
  format: Format,
): Correspondence {
  return {
    ours: name,
    theirs: fields.join(', '),
    ourValues: ours(name, format),
    theirValues: (message) =>
      present(
        trees
          .flatMap((findTree) => fields.flatMap((field) => collect(findTree(message), field)))
          .slice(0, 1)
          .map(format),
      ),
  };
}

/** A member of the IP header. */
export function header(name: string, fields: readonly string[], format = number): Correspondence {
  return first(name, [({ ip }) => ip], fields, format);
}

/** A member of the message. */
export function member(name: string, fields: readonly string[], format = number): Correspondence {
  return first(name, [({ message }) => message], fields, format);
}

/** What is said of the quoted datagram: the trees of its protocols. */
export function quoted(
  name: string,
  protocols: readonly string[],
  fields: readonly string[],
  format = number,
): Correspondence {
  const trees = protocols.map(
    (protocol): TreeOf =>
      ({ message }) =>
        findQuoted(message, protocol),
  );
  return { ...first(name, trees, fields, format), theirs: `quoted ${fields.join(', ')}` };
}

/** The items of one of our lists. */
export function listOf(event: Event, list: string): readonly Item[] {
  return (event.icmpinfo[list] ?? []) as readonly Item[];
}

/**
 * A member of a list's items: each value as "item's number: value".
 * @param trees tshark's tree of each item
 */
export function items(
  list: string,
  key: string,
  trees: (message: Tree) => readonly Tree[],
  fields: readonly string[],
  format: Format = number,
): Correspondence {
  const write = (values: readonly unknown[], index: number) =>
    present(values.map(format)).map((value) => `${index}: ${value}`);
  return {
    ours: `${list}[].${key}`,
    theirs: fields.join(', '),
    ourValues: (event) =>
      listOf(event, list).flatMap((item, index) =>
        item[key] === undefined ? [] : write([item[key]].flat(), index),
      ),
    theirValues: ({ message }) =>
      trees(message).flatMap((tree, index) =>
        write(
          fields.flatMap((field) => collect(tree, field)),
          index,
        ),
      ),
  };
}

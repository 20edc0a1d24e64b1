// C's and D's names of types, as casts, sizeof and declarations take them.
import { shorten } from './diagnostics.js';
import { POINTER } from './integer-type.js';
import type { Position, Token } from './lexer.js';
import type { IntegerType, Type } from './syntax.js';
import { SyntaxFailure, type TokenStream } from './token-stream.js';

const integer = (bytes: IntegerType['bytes'], signed: boolean): IntegerType => ({
  kind: 'integer',
  bytes,
  signed,
});

/** <stdint.h>'s and the typedefs that D programs use, on a 64-bit machine. */
const typedefs: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['string', { kind: 'string' }],
  ['void', { kind: 'void' }],
  ['int8_t', integer(1, true)],
  ['int16_t', integer(2, true)],
  ['int32_t', integer(4, true)],
  ['int64_t', integer(8, true)],
  ['intptr_t', integer(8, true)],
  ['ptrdiff_t', integer(8, true)],
  ['ssize_t', integer(8, true)],
  ['uint8_t', integer(1, false)],
  ['uint16_t', integer(2, false)],
  ['uint32_t', integer(4, false)],
  ['uint64_t', integer(8, false)],
  ['uintptr_t', integer(8, false)],
  ['size_t', integer(8, false)],
  ['uchar_t', integer(1, false)],
  ['ushort_t', integer(2, false)],
  ['uint_t', integer(4, false)],
  ['ulong_t', integer(8, false)],
  ['longlong_t', integer(8, true)],
  ['u_longlong_t', integer(8, false)],
  ['hrtime_t', integer(8, true)],
  ['time_t', integer(8, true)],
  ['pid_t', integer(4, true)],
  ['id_t', integer(4, true)],
  ['uid_t', integer(4, false)],
  ['gid_t', integer(4, false)],
  ['processorid_t', integer(4, true)],
  ['zoneid_t', integer(8, false)],
  ['ipaddr_t', integer(4, false)],
  ['in_addr_t', integer(4, false)],
  ['in_port_t', integer(2, false)],
]);

const specifiers: ReadonlySet<string> = new Set('char short int long signed unsigned'.split(' '));
const qualifiers: ReadonlySet<string> = new Set(['const', 'volatile', 'restrict']);

/** Kinds of types that D has and messages have no use for. */
const unsupported: ReadonlySet<string> = new Set('struct union enum float double'.split(' '));

/** Whether a type's name begins with `word`. */
export function beginsType(word: string): boolean {
  return typedefs.has(word) || specifiers.has(word) || qualifiers.has(word) || unsupported.has(word);
}

export interface TypeName {
  readonly type: Type;
  /** As it is printed: "unsigned long long", "void *". */
  readonly text: string;
}

/**
 * A type at the cursor, its `*` included.
 * @param position where it stands: "operand" or "operator"
 */
export function parseTypeName(stream: TokenStream, position: Position): TypeName {
  const first = stream.peek(position);
  const words: string[] = [];
  for (let token: Token = first; token.kind === 'name'; token = stream.peek('operator')) {
    if (!beginsType(token.text)) break;
    if (unsupported.has(token.text)) {
      throw new SyntaxFailure(
        token,
        `'${token.text}' types are not supported`,
        'expected an integer type or string',
      );
    }
    stream.take(words.length === 0 ? position : 'operator');
    words.push(token.text);
  }
  const named = words.filter((word) => !qualifiers.has(word));
  const type = findType(named);
  if (type === undefined) {
    const shown = shorten(stream.source.slice(first.start, Math.max(first.end, stream.at)));
    throw new SyntaxFailure(
      first,
      `'${shown}' is not a type`,
      "expected a type, as 'int', 'uint64_t' or 'string'",
    );
  }
  let stars = 0;
  while (stream.accept('*')) stars++;
  if (stars === 0) return { type, text: named.join(' ') };
  return { type: pointTo(type, stars), text: `${named.join(' ')} ${'*'.repeat(stars)}` };
}

function pointTo(type: Type, stars: number): IntegerType {
  if (stars > 1) return { ...POINTER, pointee: pointTo(type, stars - 1) };
  return type.kind === 'integer' ? { ...POINTER, pointee: type } : POINTER;
}

function findType(words: readonly string[]): Type | undefined {
  const [only] = words;
  if (words.length === 1 && only !== undefined && typedefs.has(only)) return typedefs.get(only);
  return findIntegerType(words);
}

/** C11 6.7.2: the words may stand in any order. */
function findIntegerType(words: readonly string[]): IntegerType | undefined {
  const count = (word: string) => words.filter((candidate) => candidate === word).length;
  const longs = count('long');
  const rest = words.length - longs;
  const isRepeated = new Set(words).size !== words.length - Math.max(0, longs - 1);
  const sizes = count('char') + count('short') + Math.min(1, longs);
  if (words.length === 0 || words.some((word) => !specifiers.has(word)) || isRepeated) return undefined;
  if (longs > 2 || sizes > 1 || (count('char') > 0 && count('int') > 0)) return undefined;
  if (count('signed') > 0 && count('unsigned') > 0) return undefined;
  const signed = count('unsigned') === 0;
  if (count('char') > 0) return integer(1, signed);
  if (count('short') > 0) return integer(2, signed);
  return integer(longs > 0 ? 8 : rest > 0 ? 4 : 8, signed);
}

// Integer literals: their value and their type, by C's rules (C11 6.4.4.1).
import { INT, LONG, UNSIGNED_INT, UNSIGNED_LONG } from './integer-type.js';
import type { IntegerType, Span } from './syntax.js';
import { SyntaxFailure } from './token-stream.js';

const LITERAL = /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)([uU]?(?:[lL]{0,2})|[lL]{1,2}[uU])$/;

/** As many digits as 64 bits have in octal, with room for zeros and a suffix. */
const MAX_LENGTH = 64;

/** The first type that holds the value; a decimal literal without a `u` is never unsigned. */
function findType(value: bigint, decimal: boolean, suffix: string): IntegerType | undefined {
  const isUnsigned = suffix.includes('u');
  const types = suffix.includes('l') ? [LONG, UNSIGNED_LONG] : [INT, UNSIGNED_INT, LONG, UNSIGNED_LONG];
  return types.find((type) => {
    if (type.signed ? isUnsigned : decimal && !isUnsigned) return false;
    return value < 2n ** BigInt(type.bytes * 8 - (type.signed ? 1 : 0));
  });
}

/**
 * @param token an integer token
 * @throws SyntaxFailure where it is malformed or does not fit into 64 bits
 */
export function parseInteger(token: Span & { readonly text: string }): { value: bigint; type: IntegerType } {
  const match = LITERAL.exec(token.text.slice(0, MAX_LENGTH + 1));
  if (match === null || token.text.length > MAX_LENGTH) {
    throw new SyntaxFailure(token, 'malformed number', 'expected 10, 0x1f or 017, with u, l, ul behind it');
  }
  const digits = match[1] as string;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const decimal = !digits.startsWith('0');
  const type = findType(value, decimal, (match[2] as string).toLowerCase());
  if (type !== undefined) return { value, type };
  const hint = decimal && value < 2n ** 64n ? 'expected a u behind it, or less than 2^63' : '';
  throw new SyntaxFailure(token, 'number does not fit into 64 bits', hint);
}

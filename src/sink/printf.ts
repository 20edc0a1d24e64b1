// printf()'s and printa()'s formats with their values put in, as C's printf(3) does it for dt_printf.c.
import { decodeBytes, encodeBytes, escapeText } from '../event/text.js';
import type { Value, ValueType } from '../program/compiled.js';
import { type Conversion, type FormatPart, findModifierBytes, limitWidth } from '../program/printf-format.js';
import { formatCtime, formatRfc822 } from './local-time.js';
import type { ShownValue } from './sink.js';

/** The values in the order in which conversions take them; those of `%@` come from somewhere else. */
export interface FormatValues {
  take(): ShownValue;
  /** The text of the aggregation that is next. */
  takeAggregation(conversion: SizedConversion): string;
}

/** A conversion whose width and precision are known. */
export interface SizedConversion {
  readonly conversion: Conversion;
  readonly width: number;
  readonly precision: number;
  readonly left: boolean;
}

export function formatParts(parts: readonly FormatPart[], values: FormatValues): string {
  let text = '';
  for (const part of parts) text += part.kind === 'text' ? part.text : formatConversion(part, values);
  return text;
}

export function formatPrintf(parts: readonly FormatPart[], values: readonly ShownValue[]): string {
  let next = 0;
  return formatParts(parts, {
    take: () => values[next++] as ShownValue,
    takeAggregation() {
      throw new TypeError('printf() shows no aggregation');
    },
  });
}

function formatConversion(conversion: Conversion, values: FormatValues): string {
  const takeSize = (size: number | '*') => (size === '*' ? limitWidth(Number(values.take().value)) : size);
  const width = takeSize(conversion.width);
  const precision = takeSize(conversion.precision);
  const sized = { conversion, width: Math.abs(width), precision, left: conversion.left || width < 0 };
  return conversion.isAggregation ? values.takeAggregation(sized) : formatValue(sized, values.take());
}

function formatValue(sized: SizedConversion, { value, type }: ShownValue): string {
  const { letter } = sized.conversion;
  switch (letter) {
    case 's':
      return formatString(sized, showText(String(value), type));
    case 'S':
      return formatString(sized, escapeText(String(value)));
    case 'c':
    case 'C':
      return formatCharacter(sized, Number(value));
    case 'k':
      return '\n';
    case 'a':
      return pad(sized, formatSymbol(value));
    case 'Y':
      return pad(sized, formatCtime(BigInt(value)));
    case 'T':
      return pad(sized, formatRfc822(BigInt(value)));
    default:
      return formatInteger(sized, value, type);
  }
}

/** Text from outside is escaped, the program's own is not. */
export function showText(text: string, type: ValueType): string {
  return type.kind === 'list' || (type.kind === 'string' && type.isOwn === true) ? text : escapeText(text);
}

/** An address that no symbol names. */
export function formatSymbol(address: Value): string {
  return `0x${BigInt.asUintN(64, BigInt(address)).toString(16)}`;
}

/** As DTrace, a precision of 0 cuts off nothing. */
function formatString(sized: SizedConversion, text: string): string {
  const { precision } = sized;
  if (precision <= 0) return pad(sized, text);
  return pad(sized, decodeBytes(encodeBytes(text).subarray(0, precision)));
}

function formatCharacter(sized: SizedConversion, code: number): string {
  if (sized.conversion.name === 'lc') return pad(sized, String.fromCodePoint(Math.min(code >>> 0, 0x10ffff)));
  const byte = code & 0xff;
  const character = byte === 0 ? '\0' : decodeBytes(Uint8Array.of(byte));
  return pad(sized, sized.conversion.letter === 'C' ? escapeText(character) : character);
}

function pad({ width, left }: SizedConversion, text: string): string {
  const missing = width - Buffer.byteLength(text);
  if (missing <= 0) return text;
  return left ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

const bases: Readonly<Record<string, number>> = { x: 16, X: 16, p: 16, o: 8 };

function formatInteger(sized: SizedConversion, value: Value, type: ValueType): string {
  const { conversion } = sized;
  const { letter } = conversion;
  const bytes = type.kind === 'integer' ? type.bytes : 8;
  const wide = BigInt(value);
  const isDecimal = letter === 'd' || letter === 'i';
  const isModified = findModifierBytes(conversion) !== undefined;
  const isSigned = isDecimal && (isModified || type.kind !== 'integer' || type.signed);
  if (isSigned) return formatSigned(sized, BigInt.asIntN(8 * bytes, wide));
  return formatDigits(sized, BigInt.asUintN(8 * bytes, wide), '');
}

/** A number of 64 bits as an aggregation's value. */
export function formatAggregated(sized: SizedConversion, value: bigint, isSigned: boolean): string {
  const { letter } = sized.conversion;
  const isDecimal = letter === 'd' || letter === 'i';
  return isDecimal && isSigned
    ? formatSigned(sized, BigInt.asIntN(64, value))
    : formatDigits(sized, BigInt.asUintN(64, value), '');
}

function formatSigned(sized: SizedConversion, value: bigint): string {
  const { plus, space } = sized.conversion;
  const sign = value < 0n ? '-' : plus ? '+' : space ? ' ' : '';
  return formatDigits(sized, value < 0n ? -value : value, sign);
}

/** C11 7.21.6.1: a precision is the least number of digits, and turns padding with zeros off. */
function formatDigits(sized: SizedConversion, magnitude: bigint, sign: string): string {
  const { conversion, width, precision, left } = sized;
  const { letter, alternate, zero } = conversion;
  let digits = magnitude.toString(bases[letter] ?? 10);
  if (letter === 'X') digits = digits.toUpperCase();
  if (precision > 0) digits = digits.padStart(precision, '0');
  let prefix = sign;
  if (alternate && letter === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
  if (alternate && magnitude !== 0n && (letter === 'x' || letter === 'X')) prefix = `0${letter}`;
  if (zero && !left && precision <= 0) digits = digits.padStart(width - prefix.length, '0');
  return pad(sized, prefix + digits);
}

// Rows of aggregations as dtrace(1) lays them out, byte for byte (dt_consume.c): the keys by their size, then the
// values; or as a format of printa() asks for.
import type { RowData } from '../aggregation/aggregating-function.js';
import type { JoinedRow, JoinedSnapshot } from '../aggregation/join.js';
import type { HistogramScale } from '../aggregation/scale.js';
import { findShownValue } from '../aggregation/shown-value.js';
import type { AggregationSpec, KeyColumn, Value, ValueType } from '../program/compiled.js';
import type { FormatPart } from '../program/printf-format.js';
import { formatAggregated, formatParts, formatSymbol, showText } from './printf.js';
import { formatHistogram } from './text-histogram.js';

export const STRING_COLUMNS = 50;
const integerColumns = { 1: 3, 2: 5, 4: 8, 8: 16 } as const;
const VALUE_COLUMNS = 16;

type Described = JoinedSnapshot['aggregations'][number];

export function formatRows({ aggregations, rows }: JoinedSnapshot): string {
  return rows.map((row) => formatRow(row, aggregations)).join('');
}

function formatRow({ keys, data }: JoinedRow, aggregations: readonly Described[]): string {
  const types = (aggregations[0] as Described).spec.keys;
  const columns = keys.map((key, index) => formatColumn(key, (types[index] as KeyColumn).type));
  const values = data.map((value, index) => formatData(value, aggregations[index] as Described));
  return `${columns.join('')}${values.join('')}\n`;
}

function formatData(data: RowData, { spec, normal }: Described): string {
  if (data.kind === 'histogram') return formatHistogram(data, spec.scale as HistogramScale, normal);
  const value = findShownValue(data, normal);
  // stddev() is printed unsigned.
  const shown = data.kind === 'stddev' ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
  return ` ${String(shown).padStart(VALUE_COLUMNS)}`;
}

/** `"  %-50s"` or, by the integer's size, `" %3d"`, `" %5d"`, `" %8d"`, `" %16lld"`. */
function formatColumn(value: Value, type: ValueType): string {
  // Before the frames, of which there are none, and after each.
  if (type.kind === 'stack') return '\n';
  if (type.kind === 'symbol') return `  ${formatSymbol(value).padEnd(STRING_COLUMNS)}`;
  if (type.kind === 'string' || type.kind === 'list') {
    const text = showText(String(value), type);
    return `  ${text}${' '.repeat(Math.max(0, STRING_COLUMNS - Buffer.byteLength(text)))}`;
  }
  const bytes = type.kind === 'time' ? 8 : type.bytes;
  // DTrace prints what is 1 or 2 bytes long unsigned, the rest signed, however it is declared.
  const printed =
    bytes <= 2 ? BigInt.asUintN(8 * bytes, BigInt(value)) : BigInt.asIntN(8 * bytes, BigInt(value));
  return ` ${String(printed).padStart(integerColumns[bytes])}`;
}

/** `printa("format", @a, @b)`: the format once for each row. */
export function formatPrinta({ aggregations, rows }: JoinedSnapshot, parts: readonly FormatPart[]): string {
  const first = (aggregations[0] as Described).spec;
  const types = first.keys;
  // As in DTrace the first aggregation decides it for all of them.
  const isSigned = isSignedValue(first);
  return rows
    .map(({ keys, data }) => {
      let nextKey = 0;
      let nextValue = 0;
      return formatParts(parts, {
        take() {
          const index = nextKey++;
          return { value: keys[index] as Value, type: (types[index] as KeyColumn).type };
        },
        takeAggregation(sized) {
          // Once all have been shown, the last one is shown again.
          const index = nextValue < aggregations.length - 1 ? nextValue++ : nextValue;
          const { spec, normal } = aggregations[index] as Described;
          const value = data[index] as RowData;
          if (value.kind === 'histogram') return formatHistogram(value, spec.scale as HistogramScale, normal);
          const { letter } = sized.conversion;
          const isDecimal = letter === 'd' || letter === 'i';
          return formatAggregated(sized, findShownValue(value, normal, isSigned && isDecimal), isSigned);
        },
      });
    })
    .join('');
}

/** count() alone is unsigned (dt_printf_validate()). */
function isSignedValue(spec: AggregationSpec): boolean {
  return spec.function !== 'count';
}

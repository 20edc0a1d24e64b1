// Histograms as dtrace(1) draws them (dt_consume.c): a row for each bucket from one in front of the first that has
// something to one behind the last.
import type { RowData } from '../aggregation/aggregating-function.js';
import { countLogLinearSide, listLogLinearStarts } from '../aggregation/llquantize.js';
import { findQuantum, QUANTIZE_BUCKETS, QUANTIZE_ZERO } from '../aggregation/quantize.js';
import type { HistogramScale, LlquantizeScale, LquantizeScale } from '../aggregation/scale.js';
import { divide } from '../aggregation/shown-value.js';

const COLUMNS = 40;
const LABEL_COLUMNS = 16;
const HEADER = `\n${'value'.padStart(LABEL_COLUMNS)} ${'------------- Distribution -------------'.padStart(
  COLUMNS + 1,
)} ${'count'.padEnd(9)}\n`;

interface Line {
  readonly label: string;
  readonly count: bigint;
}

type HistogramData = Extract<RowData, { kind: 'histogram' }>;

export function formatHistogram(data: HistogramData, scale: HistogramScale, normal: bigint): string {
  const lines =
    scale.kind === 'quantize'
      ? listQuantized(data)
      : scale.kind === 'lquantize'
        ? listLinear(data, scale)
        : listLogLinear(data, scale);
  return HEADER + drawLines(lines, normal);
}

/** The first and last bucket to show, of those from 0 to `last`; undefined: all are empty. */
function findShown({ counts }: HistogramData, last: number): [number, number] | undefined {
  const filled = [...counts.keys()];
  const [first] = filled;
  if (first === undefined) return undefined;
  return [Math.max(0, first - 1), Math.min(last, (filled.at(-1) as number) + 1)];
}

function listBuckets(
  data: HistogramData,
  [first, last]: readonly [number, number],
  label: (bucket: number) => string | undefined,
): Line[] {
  const lines: Line[] = [];
  for (let bucket = first; bucket <= last; bucket++) {
    const text = label(bucket);
    if (text !== undefined) lines.push({ label: text, count: data.counts.get(bucket) ?? 0n });
  }
  return lines;
}

function listQuantized(data: HistogramData): Line[] {
  const shown = findShown(data, QUANTIZE_BUCKETS - 1) ?? ([QUANTIZE_ZERO - 1, QUANTIZE_ZERO + 1] as const);
  return listBuckets(data, shown, (bucket) => String(findQuantum(bucket)));
}

function listLinear(data: HistogramData, { base, step, levels }: LquantizeScale): Line[] {
  const shown = findShown(data, levels + 1) ?? ([0, Math.min(2, levels + 1)] as const);
  return listBuckets(data, shown, (bucket) => {
    if (bucket === 0) return `< ${base}`;
    return bucket > levels ? `>= ${base + levels * step}` : String(base + (bucket - 1) * step);
  });
}

function listLogLinear(data: HistogramData, scale: LlquantizeScale): Line[] {
  const side = countLogLinearSide(scale);
  const labels = labelLogLinear(scale, side);
  const shown = findShown(data, 2 * side) ?? ([side, side + 2] as const);
  const [first, last] = shown;
  if (first >= side && scale.low > 0) labels[side] = `< ${BigInt(scale.factor) ** BigInt(scale.low)}`;
  fillEnd(labels, first, -1, scale);
  fillEnd(labels, last, 1, scale);
  return listBuckets(data, [first, last], (bucket) => labels[bucket]);
}

/** By bucket; undefined: no integer falls into it. */
function labelLogLinear(scale: LlquantizeScale, side: number): (string | undefined)[] {
  const labels = Array<string | undefined>(2 * side + 1).fill(undefined);
  const lowest = BigInt(scale.factor) ** BigInt(scale.low);
  labels[side] = lowest === 1n ? '0' : `abs() < ${lowest}`;
  for (const [index, start] of listLogLinearStarts(scale).entries()) {
    if (start === undefined) continue;
    labels[side + index + 1] = String(start);
    labels[side - index - 1] = `-${start}`;
  }
  const limit = BigInt(scale.factor) ** BigInt(scale.high + 1);
  labels[2 * side] = `>= ${limit}`;
  labels[0] = `<= -${limit}`;
  return labels;
}

/** An end that no integer falls into is shown as the next bucket that has one. */
function fillEnd(
  labels: (string | undefined)[],
  bucket: number,
  direction: number,
  scale: LlquantizeScale,
): void {
  const overlap = Math.floor(scale.steps / scale.factor);
  for (let away = 1; labels[bucket] === undefined && away < overlap; away++) {
    labels[bucket] = labels[bucket + direction * away];
  }
}

function drawLines(lines: readonly Line[], normal: bigint): string {
  const hasPositive = lines.some(({ count }) => count > 0n);
  const hasNegative = lines.some(({ count }) => count < 0n);
  const total = lines.reduce((sum, { count }) => sum + Math.abs(Number(count)), 0);
  return lines
    .map(({ label, count }) => {
      const bar = drawBar(count, total, hasPositive, hasNegative);
      const shown = String(divide(count, normal, false)).padEnd(9);
      return `${label.padStart(LABEL_COLUMNS)} ${bar} ${shown}\n`;
    })
    .join('');
}

function drawBar(count: bigint, total: number, hasPositive: boolean, hasNegative: boolean): string {
  const width = hasPositive && hasNegative ? COLUMNS / 2 : COLUMNS;
  const depth = total === 0 ? 0 : Math.trunc((Math.abs(Number(count)) * width) / total + 0.5);
  const ats = '@'.repeat(depth);
  const blanks = ' '.repeat(width - depth);
  if (!hasNegative) return `|${ats}${blanks}`;
  if (!hasPositive) return `${blanks}${ats}|`;
  return count <= 0n ? `${blanks}${ats}|${' '.repeat(width)}` : `${' '.repeat(width)}|${ats}${blanks}`;
}

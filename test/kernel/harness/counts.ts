// How many messages of which kind: the shape in which the kernel's counters and icmpprobe's events meet.

/**
 * `"HOST DIRECTION vVERSION TYPE"` → count, as in "left send v4 8". TYPE is a number; of what is received
 * also "bad" (a checksum that is wrong, then not in any type's cell) and "all".
 */
export type Counts = Map<string, number>;

export type Direction = 'send' | 'receive';

export function nameCell(host: string, direction: Direction, version: 4 | 6, type: number | 'bad' | 'all') {
  return `${host} ${direction} v${version} ${type}`;
}

export function addCount(counts: Counts, cell: string, count: number): void {
  if (count !== 0) counts.set(cell, (counts.get(cell) ?? 0) + count);
}

export function subtractCounts(after: Counts, before: Counts): Counts {
  const difference: Counts = new Map();
  for (const [cell, count] of after) addCount(difference, cell, count - (before.get(cell) ?? 0));
  return difference;
}

export function sumCounts(counts: Counts, matches: (cell: string) => boolean): number {
  let sum = 0;
  for (const [cell, count] of counts) if (matches(cell)) sum += count;
  return sum;
}

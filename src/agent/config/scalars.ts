// Scalars of the configuration that have a form of their own.
import { isIP } from 'node:net';

export interface ListenAddress {
  /** An IP address; "": all there are. */
  readonly host: string;
  readonly port: number;
}

/** "127.0.0.1:10792", "[::1]:10792", "localhost:0", or ":10792" for all addresses. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s[\]]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, bracketed, plain = '', portText] = match;
  const port = Number(portText);
  if (port > 65535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  // A name is looked up when it is listened on; digits and dots are no name.
  if (bracketed === undefined && /^[\d.]+$/.test(plain) && isIP(plain) !== 4) return undefined;
  return { host: bracketed ?? plain, port };
}

const millisecondsIn: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];
const DURATION = new RegExp(`^${millisecondsIn.map(([unit]) => `(?:(\\d{1,9})${unit})?`).join('')}$`);

/** As Prometheus writes durations: "30s", "1h30m". In milliseconds, above 0. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const total = millisecondsIn.reduce(
    (sum, [, milliseconds], index) => sum + Number(match[index + 1] ?? 0) * milliseconds,
    0,
  );
  return total > 0 ? total : undefined;
}

const bytesIn: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const MIN_RING_BYTES = 4096;
const MAX_RING_BYTES = 2 ** 30;

/** "32m": the power of two that is at least as large, in bytes. */
export function parseRingSize(text: string): number | undefined {
  const match = /^(\d{1,10})([kmg]?)$/i.exec(text);
  const bytes = Number(match?.[1]) * (bytesIn[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
  if (!(bytes >= MIN_RING_BYTES && bytes <= MAX_RING_BYTES)) return undefined;
  return 2 ** Math.ceil(Math.log2(bytes));
}

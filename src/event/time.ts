// The wall clock as text.

const NS_PER_SECOND = 1_000_000_000;
const WORD = 2 ** 32;

/** Most times fall into the second of the one before. */
let lastSecond = 0;
let lastSecondText = '1970-01-01T00:00:00';

/**
 * RFC 3339 in UTC with nine digits: "2026-11-22T11:00:00.123456789Z".
 * @param time ns since 1970, of 64 bits
 */
export function formatTime(time: bigint): string {
  return formatTimeWords(Number(BigInt.asUintN(32, time)), Number(BigInt.asUintN(32, time >> 32n)));
}

/** As formatTime(), of a time's lower and upper word, without a bigint. */
export function formatTimeWords(lower: number, upper: number): string {
  // A double is some hundred nanoseconds off: next to a new second this may be the second before or after.
  let second = Math.floor((upper * WORD + lower) / NS_PER_SECOND);
  // The remainder is below 2^32, so that the lower words alone give it exactly.
  let ns = (lower - Math.imul(second, NS_PER_SECOND)) >>> 0;
  if (ns >= WORD / 2) {
    second--;
    ns = (ns + NS_PER_SECOND) >>> 0;
  } else if (ns >= NS_PER_SECOND) {
    second++;
    ns -= NS_PER_SECOND;
  }
  if (second !== lastSecond) {
    lastSecondText = new Date(second * 1000).toISOString().slice(0, -'.000Z'.length);
    lastSecond = second;
  }
  return `${lastSecondText}.${String(ns).padStart(9, '0')}Z`;
}

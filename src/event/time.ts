// The wall clock as text.

const NS_PER_SECOND = 1_000_000_000n;

/** Most times fall into the second of the one before. */
let lastSecond = 0n;
let lastSecondText = '1970-01-01T00:00:00';

/**
 * RFC 3339 in UTC with nine digits: "2026-11-22T11:00:00.123456789Z".
 * @param time ns since 1970
 */
export function formatTime(time: bigint): string {
  const second = time / NS_PER_SECOND;
  if (second !== lastSecond) {
    lastSecondText = new Date(Number(second) * 1000).toISOString().slice(0, -'.000Z'.length);
    lastSecond = second;
  }
  return `${lastSecondText}.${String(Number(time % NS_PER_SECOND)).padStart(9, '0')}Z`;
}

// Times of the wall clock in the local time zone, as ctime(3) and strftime(3) write them for DTrace.

const NS_PER_MS = 1_000_000n;
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const weekdays = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

const two = (number: number) => String(number).padStart(2, '0');

function formatClock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/**
 * `%Y`: "2026 Nov 22 11:00:00".
 * @param time ns since 1970
 */
export function formatCtime(time: bigint): string {
  const date = new Date(Number(time / NS_PER_MS));
  const day = String(date.getDate()).padStart(2);
  return `${date.getFullYear()} ${months[date.getMonth()]} ${day} ${formatClock(date)}`;
}

/** Made when it is first wanted: ICU takes its time, and hardly a program prints `%T`. */
let zoneFormat: Intl.DateTimeFormat | undefined;

/**
 * `%T`: "Sun, 22 Nov 2026 11:00:00 UTC" (RFC 822, with four digits of the year).
 * @param time ns since 1970
 */
export function formatRfc822(time: bigint): string {
  const date = new Date(Number(time / NS_PER_MS));
  zoneFormat ??= new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' });
  const zone = zoneFormat.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
  const day = `${two(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()}`;
  return `${weekdays[date.getDay()]}, ${day} ${formatClock(date)} ${zone}`;
}

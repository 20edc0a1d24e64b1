// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** All digits, in groups. */
export function formatCount(count) {
  return whole.format(count);
}

/** So that there is room for it: "0.4", "12", "123K". */
export function formatRate(perSecond) {
  if (perSecond === 0) return '0';
  if (perSecond < 0.05) return '<0.1';
  if (perSecond < 10) return perSecond.toFixed(1).replace(/\.0$/, '');
  return perSecond < 10_000 ? whole.format(perSecond) : short.format(perSecond);
}

const units = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];

/** Two digits: "66 µs". */
export function formatDuration(nanoseconds) {
  const [size, unit] = units.find(([one]) => nanoseconds >= one) ?? units.at(-1);
  const value = nanoseconds / size;
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, '') : whole.format(value)} ${unit}`;
}

export function formatClock(ms) {
  return clock.format(ms);
}

export function formatDay(ms) {
  return day.format(ms);
}

/** "4 min 10 s ago". */
export function formatAgo(seconds) {
  if (seconds < 1) return 'now';
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return `${[minutes > 0 && `${minutes} min`, rest > 0 && `${rest} s`].filter(Boolean).join(' ')} ago`;
}

const protocols = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp', 136: 'udplite' };

/** "[2001:db8::1]:53/udp". */
export function formatDestination(address, port, protocol) {
  const name = protocols[protocol] ?? `protocol ${protocol}`;
  if (Number(port) === 0) return `${address} ${name}`;
  return `${address.includes(':') ? `[${address}]` : address}:${port}/${name}`;
}

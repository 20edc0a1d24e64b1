// How clients' programs share the time that there is for them.
import { expect, it } from 'vitest';
import { type TimeShare, TimeShares } from '../../../src/agent/streams/time-share.js';

const START_MS = 1000;
const TURN_MS = 10;

/** How long each of them works in a second if it works for so long in each turn that it may. */
function work(wanted: readonly number[]): number[] {
  const time = new TimeShares(START_MS);
  const shares = wanted.map(() => time.add());
  const worked = wanted.map(() => 0);
  for (let now = START_MS; now < START_MS + 1000; now += TURN_MS) {
    time.refill(now);
    for (const [index, milliseconds] of wanted.entries()) {
      const share = shares[index] as TimeShare;
      if (time.isSpent(share)) continue;
      time.spend(share, milliseconds);
      worked[index] = (worked[index] ?? 0) + milliseconds;
    }
  }
  return worked;
}

it('who needs more than there is gets half of the time', () => {
  expect(work([10])[0]).toBeGreaterThan(450);
  expect(work([10])[0]).toBeLessThan(550);
});

it('all that need too much get the same', () => {
  const [first = 0, second = 0] = work([5, 10]);
  expect(Math.abs(first - second)).toBeLessThan(20);
  expect(first + second).toBeLessThan(550);
});

it('who needs little gets all of it, and leaves the rest to the others', () => {
  const [modest = 0, greedy = 0] = work([1, 10]);
  expect(modest).toBeGreaterThan(95);
  expect(greedy).toBeGreaterThan(300);
  expect(greedy).toBeLessThan(450);
});

it('who goes leaves its time to the others', () => {
  const time = new TimeShares(START_MS);
  const [stays, goes] = [time.add(), time.add()];
  time.remove(goes);
  time.refill(START_MS + 100);
  time.spend(stays, 49);
  expect(time.isSpent(stays)).toBe(false);
});

it('a group has the time of all of its clients', () => {
  const time = new TimeShares(START_MS);
  const [group, one] = [time.add(), time.add()];
  group.clients = 3;
  time.refill(START_MS + 100);
  expect([group.leftMs, one.leftMs]).toEqual([37.5, 12.5]);
});

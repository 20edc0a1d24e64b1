// Whether all backends have made the same events of the same traffic, event by event.
import { expect } from 'vitest';
import type { Measurement } from './parity.js';
import type { EventLine } from './probe.js';
import { type Concession, type Differing, findDifferences, functionConcessions } from './same-fields.js';
import { type Event, isSend } from './views.js';

const differing: Differing = {
  'each backend has hooks of its own': ['function'],
  'the hooks are passed one after another, and a task may move in between': ['time', 'rtt', 'cpu'],
};

const isNobodys = (event: Event) => !isSend(event) && event.csinfo.cs_pid === 0;

/** Of events of a traced function that netfilter names somebody for. */
const owners: readonly Concession[] = [
  {
    reason: 'in this version a traced function knows no sockets of UDP and TCP that an error quotes',
    applies: (event) => isNobodys(event) && event.icmpinfo.icmp_error_proto !== undefined,
    members: ['csinfo'],
  },
  {
    reason:
      'what a process sends with an IPv6 header of its own is told when the call ends: its reply may be there before',
    applies: (event) => isNobodys(event) && event.icmpinfo.icmp_typename === 'echo-reply',
    members: ['csinfo'],
  },
];

/** Compares each backend with the first, which is a traced function where there is one. */
export function expectSameEvents([first, ...others]: readonly Measurement[]): void {
  for (const other of others) {
    const differences = findDifferences(asEvents(first?.events), asEvents(other.events), differing, [
      ...functionConcessions,
      ...owners,
    ]);
    expect(differences, `${first?.backend} and ${other.backend}`).toEqual({ onlyFirst: [], onlySecond: [] });
  }
}

const asEvents = (lines: readonly EventLine[] = []) => lines as readonly Event[];

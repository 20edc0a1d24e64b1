// What every sink does, whatever its format.
import { describe, expect, it } from 'vitest';
import { offsets } from '../../src/event/offsets.gen.js';
import type { Computed } from '../../src/program/compiled.js';
import { createSink, sinkFormats } from '../../src/sink/create.js';
import { countBy, joinRows, pidKey } from '../aggregation/make-keys.js';
import { echoRequest, makeRecords, portUnreachable, portUnreachable6 } from '../event/make-records.js';

const command: Computed = {
  name: 'cs_comm',
  type: { kind: 'string' },
  evaluate: () => 'x\n\x1b[31m\u009b\u202e\udcff',
};
const pid: Computed = {
  name: 'cs_pid',
  type: { kind: 'integer', bytes: 4, signed: true },
  evaluate: ({ u32, base }) => u32[(base + offsets.cs_pid.offset) >> 2] as number,
};

/** Protobuf carries events only, and is not made of lines: test/source holds it against its reader. */
const lineFormats = sinkFormats.filter((format) => format !== 'protobuf');

describe.each(lineFormats)('the %s sink', (format) => {
  function collect(): { sink: ReturnType<typeof createSink>; written: () => string } {
    let text = '';
    const sink = createSink(format, { write: (more) => (text += more) });
    return { sink, written: () => text };
  }

  it('writes nothing by itself', () => {
    expect(collect().written()).toBe('');
  });

  it('writes each event as one line, as soon as it has it', () => {
    const { sink, written } = collect();
    const records = makeRecords(echoRequest, portUnreachable, portUnreachable6);
    for (let events = 1; events <= 3; events++, records.advance()) {
      sink.event(records);
      expect(written()).toMatch(new RegExp(`^([^\n]+\n){${events}}$`));
    }
    const lines = written().split('\n');
    expect(lines[0]).toMatch(/10\.0\.0\.1.*echo-?request/i);
    expect(lines[1]).toMatch(/10\.0\.0\.2.*(port-unreachable|DestinationUnreachable)/);
    expect(lines[2]).toMatch(/fe80::1.*(port-unreachable|DestinationUnreachable)/);
  });

  it('evaluates what it prints with the record under the cursor', () => {
    const { sink, written } = collect();
    const records = makeRecords({ cs_pid: 1234 }, { cs_pid: 5678 });
    records.advance();
    sink.print(records, [pid]);
    expect(written()).toMatch(/^[^\n]*5678[^\n]*\n$/);
  });

  it('lets nothing through that a terminal acts on', () => {
    const { sink, written } = collect();
    sink.event(
      makeRecords({ ...echoRequest, cs_comm: Buffer.from('\x1b\n\xff\x7f', 'latin1'), ifname: '\x1b\n' }),
    );
    sink.print(makeRecords(echoRequest), [command]);
    const commandKey = { ...pidKey, name: 'cs_comm', type: command.type, decode: () => '\x1b\n\udcff' };
    sink.end([joinRows(countBy(commandKey), [{ keys: ['\x1b\n\udcff'], value: 1n }])]);
    expect(written().replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(
      written()
        .trimEnd()
        .split('\n')
        .filter((line) => line !== ''),
    ).toHaveLength(3);
  });

  it('writes the rows in their order and with all their digits', () => {
    const { sink, written } = collect();
    const spec = countBy(pidKey);
    sink.end([
      joinRows(spec, [
        { keys: [11], value: 1n },
        { keys: [22], value: 2n ** 63n - 1n },
      ]),
      joinRows(spec, [{ keys: [33], value: 2n ** 53n + 1n }]),
    ]);
    expect(written().match(/11|22|33|9223372036854775807|9007199254740993/g)).toEqual([
      '11',
      '22',
      '9223372036854775807',
      '33',
      '9007199254740993',
    ]);
  });
});

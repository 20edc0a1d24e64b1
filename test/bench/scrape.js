// `make bench-scrape`: milliseconds to render 10,000 series of one metric, without HTTP: the median of some rounds.

import { compileMetric } from '../../dist/agent/metrics/metric-program.js';
import { MetricSet } from '../../dist/agent/metrics/metric-set.js';
import { MetricRegistry, textFormat } from '../../dist/agent/metrics/registry.js';
import { offsets, RECORD_SHORT_MESSAGE_BYTES } from '../../dist/event/offsets.gen.js';
import { RecordView } from '../../dist/event/record-view.js';
import { netfilterHooks } from '../../dist/source/backends.js';

const RECORD_BYTES = offsets.message.offset + RECORD_SHORT_MESSAGE_BYTES;
const SERIES = 10_000;
const ROUNDS = 21;

/** One echo request for each series. */
function makeRecords() {
  const view = new RecordView(new ArrayBuffer(SERIES * RECORD_BYTES));
  const { id } = netfilterHooks.find(({ probe }) => probe === 'send');
  for (let index = 0; index < SERIES; index++) {
    const base = index * RECORD_BYTES;
    view.u32[(base + offsets.size.offset) >> 2] = RECORD_BYTES;
    view.u8[base + offsets.function.offset] = id;
    view.u32[(base + offsets.cs_pid.offset) >> 2] = index;
  }
  return view;
}

const definition = {
  name: 'icmp_sent_total',
  help: 'Sent.',
  program: 'send count by pid',
  maxSeries: SERIES,
};
const metrics = new MetricSet([compileMetric(definition, netfilterHooks)]);
metrics.take(makeRecords(), SERIES * RECORD_BYTES);
const registry = new MetricRegistry();
const times = [];
let text = '';
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  text = await registry.render(textFormat, metrics.readers(), 'bench');
  times.push(performance.now() - start);
}
const series = text.match(/^icmp_sent_total\{/gm)?.length;
if (series !== SERIES) throw new Error(`${series} series instead of ${SERIES}`);
times.sort((a, b) => a - b);
const show = (value) => `${value.toFixed(0)} ms`;
console.log(`${SERIES} series: ${show(times[ROUNDS >> 1])}, from ${show(times[0])} to ${show(times.at(-1))}`);

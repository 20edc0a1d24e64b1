// Messages per second over the last minutes: what is received grows upwards, what is sent downwards, by type.
import { element, find, shape } from './dom.js';
import { formatAgo, formatRate } from './format.js';

/** Types beyond these share one colour. */
const MAX_TYPES = 7;
const OTHER = { type: 'other', colour: 8 };
/** The shortest stretch of time that is shown, in samples. */
const MIN_SAMPLES = 30;
const PAD = 18;

/** Colours that have a meaning; other types get what is left. */
const colours = {
  'echo-request': 1,
  'echo-reply': 2,
  'dest-unreachable': 3,
  'time-exceeded': 4,
  'neighbor-solicitation': 5,
  'neighbor-advertisement': 6,
};

const chart = find('chart');
const time = find('time');
let data = { length: 0, interval: 1, types: [] };
/** Samples before now. */
let cursor = 0;

export function showMessages({ series, interval }) {
  data = { length: series[0]?.perSecond.length ?? 0, interval, types: groupTypes(series) };
  cursor = Math.min(cursor, Math.max(0, data.length - 1));
  draw();
}

/** [{ type, colour, receive, send }], the busiest first, what is left together. */
function groupTypes(series) {
  const length = series[0]?.perSecond.length ?? 0;
  const groups = new Map();
  const free = [7, 4, 3, 6, 5, 2, 1].filter((colour) => !series.some(({ type }) => colours[type] === colour));
  for (const { type, probe, perSecond } of series) {
    const isKnown = groups.has(type) || groups.size < MAX_TYPES;
    const key = isKnown ? type : OTHER.type;
    if (!groups.has(key)) {
      const colour = isKnown ? (colours[type] ?? free.shift() ?? OTHER.colour) : OTHER.colour;
      groups.set(key, { type: key, colour, receive: Array(length).fill(0), send: Array(length).fill(0) });
    }
    const sums = groups.get(key)[probe];
    for (const [index, value] of perSecond.entries()) sums[index] += value;
  }
  return [...groups.values()];
}

function draw() {
  const { clientWidth: width, clientHeight: height } = chart;
  const most = { receive: niceLimit(findMost('receive')), send: niceLimit(findMost('send')) };
  const scale = (height - 2 * PAD) / (most.receive + most.send);
  const zero = PAD / 2 + most.receive * scale;
  const domain = Math.max(MIN_SAMPLES, data.length);
  const x = (index) => (width * (index + domain - data.length)) / (domain - 1);
  const y = (value) => zero - value * scale;
  chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
  chart.replaceChildren(
    ...listGridValues(most).map((value) =>
      shape('line', { class: 'grid', x1: 0, x2: width, y1: y(value), y2: y(value) }),
    ),
    ...drawStack('receive', 1, x, y),
    ...drawStack('send', -1, x, y),
    ...drawLimits(most, y),
    shape('line', { class: 'zero', x1: 0, x2: width, y1: zero, y2: zero }),
    ...drawTimes(domain, width, height),
  );
  if (cursor > 0) {
    const at = x(data.length - 1 - cursor);
    chart.append(shape('line', { class: 'cursor', x1: at, x2: at, y1: 0, y2: height - PAD }));
  }
  showMoment();
}

function findMost(probe) {
  let most = 0;
  for (let index = 0; index < data.length; index++) {
    most = Math.max(
      most,
      data.types.reduce((sum, group) => sum + group[probe][index], 0),
    );
  }
  return most;
}

/** A round number, at least 1. */
function niceLimit(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 1.5, 2, 3, 4, 6, 8, 10].map((step) => step * power).find((limit) => limit >= value) ?? value;
}

function listGridValues({ receive, send }) {
  return [receive, receive / 2, -send / 2, -send];
}

/** What the lines of the grid stand for. */
function drawLimits(most, y) {
  return listGridValues(most).map((value) => {
    const direction = value === most.receive ? ' received' : value === -most.send ? ' sent' : '';
    const text = formatRate(Math.abs(value)) + direction;
    return shape('text', { x: 2, y: y(value) + (value > 0 ? 13 : -4) }, text);
  });
}

function drawStack(probe, sign, x, y) {
  if (data.length < 2) return [];
  let floor = Array(data.length).fill(0);
  return data.types.map((group) => {
    const roof = floor.map((value, index) => value + sign * group[probe][index]);
    const there = roof.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
    const back = floor.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).reverse();
    floor = roof;
    return shape('path', { class: `series-${group.colour}`, d: `M${there.join('L')}L${back.join('L')}Z` });
  });
}

function drawTimes(domain, width, height) {
  const seconds = (domain - 1) * data.interval;
  const step = [15, 30, 60, 120, 300].find((size) => (seconds / size) * 90 <= width) ?? 300;
  const labels = [];
  for (let ago = 0; ago <= seconds; ago += step) {
    const at = width * (1 - ago / seconds);
    const anchor = ago === 0 ? 'end' : at < 30 ? 'start' : 'middle';
    const text = ago === 0 ? 'now' : ago % 60 === 0 ? `−${ago / 60} min` : `−${ago} s`;
    labels.push(shape('text', { x: at, y: height - 3, 'text-anchor': anchor }, text));
  }
  return labels;
}

/** The table beside the chart: what was at the cursor. */
function showMoment() {
  const index = data.length - 1 - cursor;
  find('moment').textContent = `per second, ${formatAgo(cursor * data.interval)}`;
  find('legend').replaceChildren(
    ...data.types.map(({ type, colour, receive, send }) =>
      element(
        'tr',
        element('td', element(`span.swatch.series-${colour}`), type),
        element('td.number', formatRate(receive[index] ?? 0)),
        element('td.number', formatRate(send[index] ?? 0)),
      ),
    ),
  );
  time.setAttribute('aria-valuemin', String(Math.min(0, 1 - data.length)));
  time.setAttribute('aria-valuenow', String(-cursor));
  const sum = (probe) => data.types.reduce((total, group) => total + (group[probe][index] ?? 0), 0);
  time.setAttribute(
    'aria-valuetext',
    `${formatAgo(cursor * data.interval)}: ${formatRate(sum('receive'))} received, ${formatRate(sum('send'))} sent`,
  );
}

function moveTo(samplesAgo) {
  cursor = Math.max(0, Math.min(data.length - 1, samplesAgo));
  draw();
}

chart.addEventListener('pointermove', ({ offsetX }) => {
  const domain = Math.max(MIN_SAMPLES, data.length);
  moveTo(Math.round((1 - offsetX / chart.clientWidth) * (domain - 1)));
});
chart.addEventListener('pointerleave', () => moveTo(0));
time.addEventListener('keydown', (event) => {
  const moves = { ArrowLeft: 1, ArrowRight: -1, PageUp: 15, PageDown: -15 };
  if (event.key in moves) moveTo(cursor + moves[event.key]);
  else if (event.key === 'End') moveTo(0);
  else if (event.key === 'Home') moveTo(data.length - 1);
  else return;
  event.preventDefault();
});
new ResizeObserver(draw).observe(chart);

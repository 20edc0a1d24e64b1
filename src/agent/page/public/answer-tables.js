// Aggregations of a running program: a table each, the greatest values first.
import { element } from './dom.js';
import { formatValue } from './event-line.js';
import { formatCount } from './format.js';

const MAX_ROWS = 50;
const BAR_CELLS = 20;

export class AnswerTables {
  #place;
  /** By name, function and what the keys are, each by its keys. */
  #tables = new Map();
  #isChanged = false;

  constructor(place) {
    this.#place = place;
  }

  clear() {
    this.#tables.clear();
    this.#place.replaceChildren();
  }

  /** A row's newest value. */
  take({ name, function: fn, keys, value }) {
    const title = `${name === '' ? '' : `@${name} `}${fn}`;
    const columns = Object.keys(keys);
    const id = JSON.stringify([title, columns]);
    const table = this.#tables.get(id) ?? { title, columns, rows: new Map() };
    table.rows.set(JSON.stringify(keys), { keys: Object.values(keys), value });
    this.#tables.set(id, table);
    this.#isChanged = true;
  }

  show() {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.#place.replaceChildren(...[...this.#tables.values()].map(drawTable));
  }
}

function drawTable({ title, columns, rows }) {
  const ordered = [...rows.values()].sort((a, b) => weigh(b.value) - weigh(a.value));
  const heads = [...columns, title].map((name) => {
    const head = element('th', name);
    head.scope = 'col';
    return head;
  });
  const body = ordered
    .slice(0, MAX_ROWS)
    .map(({ keys, value }) =>
      element('tr', ...keys.map((key) => element('td', formatValue(key))), drawValue(value)),
    );
  const table = element('table', element('thead', element('tr', ...heads)), element('tbody', ...body));
  if (ordered.length > MAX_ROWS) {
    table.append(element('caption', `the first ${MAX_ROWS} of ${formatCount(ordered.length)}`));
  }
  return table;
}

function weigh(value) {
  return Array.isArray(value) ? value.reduce((sum, { count }) => sum + count, 0) : Number(value);
}

function drawValue(value) {
  if (!Array.isArray(value)) {
    return element('td', typeof value === 'number' ? formatCount(value) : formatValue(value));
  }
  const all = Math.max(1, weigh(value));
  const lines = value.map(({ min, max, count }) => {
    const bar = '▇'.repeat(Math.ceil((BAR_CELLS * count) / all));
    return element('div', `${min ?? '…'} – ${max ?? '…'}  ${bar} ${formatCount(count)}`);
  });
  return element('td', ...lines);
}

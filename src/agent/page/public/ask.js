// A program, run live: its events as lines, its aggregations as tables that keep up.
import { AnswerTables } from './answer-tables.js';
import { element, find } from './dom.js';
import { formatEvent } from './event-line.js';
import { formatCount } from './format.js';
import { readLines } from './read-lines.js';

const MAX_LINES = 200;
const SHOW_INTERVAL_MS = 250;

const program = find('program');
const run = find('run');
const status = find('answer-status');
const lines = find('answer-lines');
const tables = new AnswerTables(find('answer-tables'));

let running;

class Answer {
  #waiting = [];
  #shown = 0;
  #lost = new Map();
  #timer = setInterval(() => this.show(), SHOW_INTERVAL_MS);

  take(object) {
    if (object.type === 'aggregation') tables.take(object);
    else if (object.type === 'loss') {
      this.#lost.set(object.reason, (this.#lost.get(object.reason) ?? 0) + object.count);
    } else this.#waiting.push(object);
  }

  show() {
    const isAtEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
    this.#shown += this.#waiting.length;
    lines.append(...this.#waiting.slice(-MAX_LINES).map((object) => element('div', formatEvent(object))));
    this.#waiting = [];
    while (lines.childElementCount > MAX_LINES) lines.firstElementChild.remove();
    if (isAtEnd) lines.scrollTop = lines.scrollHeight;
    tables.show();
    const parts = [running === undefined ? 'stopped' : 'running'];
    if (this.#shown > 0) parts.push(`${formatCount(this.#shown)} ${this.#shown === 1 ? 'line' : 'lines'}`);
    for (const [reason, count] of this.#lost) parts.push(`${formatCount(count)} lost: ${reason}`);
    say(parts.join(' · '));
  }

  end() {
    clearInterval(this.#timer);
    this.show();
  }
}

async function start() {
  stop();
  const abort = new AbortController();
  running = abort;
  run.textContent = 'Stop';
  find('answer').hidden = false;
  lines.replaceChildren();
  tables.clear();
  say('running');
  let answer;
  let problem = '';
  try {
    const response = await fetch(`events?program=${encodeURIComponent(program.value)}`, {
      headers: { Accept: 'application/x-ndjson' },
      signal: abort.signal,
    });
    if (response.ok) {
      answer = new Answer();
      for await (const line of readLines(response.body)) answer.take(JSON.parse(line));
    } else problem = (await response.text()).trimEnd();
  } catch (error) {
    if (!abort.signal.aborted) problem = `the stream has ended: ${error.message}`;
  }
  if (running === abort) stop();
  answer?.end();
  if (problem !== '') say(problem, 'bad');
}

function stop() {
  running?.abort();
  running = undefined;
  run.textContent = 'Run';
}

function say(text, tone = '') {
  status.className = tone;
  if (status.textContent !== text) status.textContent = text;
}

find('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  if (running === undefined) start();
  else stop();
});

program.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  start();
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') stop();
});

find('examples').addEventListener('click', ({ target }) => {
  if (target.dataset.program === undefined) return;
  program.value = target.dataset.program;
  start();
});

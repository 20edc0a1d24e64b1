// Asks for the overview every two seconds and hands its parts on.
import './ask.js';
import { showMessages } from './chart.js';
import { find } from './dom.js';
import { formatClock } from './format.js';
import { showAgent, showErrors, showFigures, showRoundTrips, showTalkers } from './panels.js';

const INTERVAL_MS = 2000;
let lastAnswerMs = Date.now();

async function update() {
  try {
    const response = await fetch('overview', { signal: AbortSignal.timeout(5 * INTERVAL_MS) });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    show(await response.json());
    lastAnswerMs = Date.now();
    showStatus('live', 'live');
  } catch {
    showStatus('gone', `no answer since ${formatClock(lastAnswerMs)}`);
  }
  setTimeout(update, INTERVAL_MS);
}

function show(overview) {
  const { host, talkers, errors, rtt, minutes } = overview;
  document.title = `icmpprobe on ${host}`;
  find('host').textContent = host;
  for (const note of document.querySelectorAll('.window')) note.textContent = `last ${minutes} min`;
  showFigures(overview);
  showMessages(overview);
  showTalkers(talkers);
  showRoundTrips(rtt);
  showErrors(errors);
  showAgent(overview);
}

/** Said once, not every two seconds. */
function showStatus(name, text) {
  const status = find('status');
  status.className = name;
  if (status.textContent !== text) status.textContent = text;
}

update();

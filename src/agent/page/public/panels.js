// Figures, tables and the histogram: each shows one part of the overview.
import { element, fillRows, find } from './dom.js';
import { formatCount, formatDay, formatDestination, formatDuration, formatRate } from './format.js';

export function showFigures({ series, totals, rtt, losses, minutes }) {
  // The last three samples, so that one ping a second does not flicker.
  const rate = (isMeant) =>
    series.filter(isMeant).reduce((sum, { perSecond }) => {
      const last = perSecond.slice(-3);
      return sum + last.reduce((total, value) => total + value, 0) / last.length;
    }, 0);
  showFigure('received', formatRate(rate(({ probe }) => probe === 'receive')), '/s');
  showFigure('sent', formatRate(rate(({ probe }) => probe === 'send')), '/s');
  find('received-total').textContent = `${formatCount(totals.receive)} in all`;
  find('sent-total').textContent = `${formatCount(totals.send)} in all`;
  const errors = rate(({ isError }) => isError);
  showFigure('error-rate', formatRate(errors), '/s', errors > 0 ? 'bad' : '');
  const replies = rtt.reduce((sum, { count }) => sum + count, 0);
  showFigure('median', replies === 0 ? '–' : `< ${formatDuration(findMedian(rtt, replies))}`, '');
  find('replies').textContent =
    replies === 0 ? 'no replies yet' : `half of ${formatCount(replies)} in ${minutes} min`;
  const lost = losses.reduce((sum, { count }) => sum + count, 0);
  showFigure('lost', formatCount(lost), '', lost === 0 ? 'good' : 'bad');
  find('lost-note').textContent =
    lost === 0 ? 'every event was counted' : losses.map(({ reason }) => reason).join(', ');
}

function showFigure(id, value, unit, tone = '') {
  const figure = find(id);
  figure.replaceChildren(value, unit === '' ? '' : element('small', unit));
  figure.className = tone;
}

/** The upper limit of the bucket in which the middle one is. */
function findMedian(buckets, all) {
  let below = 0;
  return buckets.find(({ count }) => {
    below += count;
    return below * 2 >= all;
  }).below;
}

export function showTalkers(talkers) {
  const most = Math.max(1, ...talkers.map(({ sent, received }) => sent + received));
  const rows = talkers.map(({ address, sent, received }) => {
    const parts = [
      [received, 'received'],
      [sent, 'sent'],
    ].map(([count, name]) => {
      const part = element(`i.${name}`);
      part.style.width = `${(100 * count) / most}%`;
      return part;
    });
    return element(
      'tr',
      element('td.address', address),
      element('td.share', element('div.bar', ...parts)),
      element('td', formatCount(received)),
      element('td', formatCount(sent)),
    );
  });
  fillRows(find('talkers'), rows, 4, 'Nobody yet.');
}

export function showRoundTrips(buckets) {
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const rows = buckets.map(({ below, count }) => {
    const part = element('i.series-1');
    part.style.width = `${(100 * count) / most}%`;
    return element(
      'tr',
      element('td.limit', formatDuration(below)),
      element('td', element('div.bar', part)),
      element('td.number', formatCount(count)),
    );
  });
  fillRows(find('rtt'), rows, 3, 'No echo reply yet.');
}

export function showErrors(errors) {
  const rows = errors.map(({ count, type, code, probe, process, address, port, protocol }) =>
    element(
      'tr',
      element('td', code === '' ? type : code),
      element('td', probe === 'send' ? 'sent' : 'received'),
      element('td', ...describeProcess(process, probe)),
      element('td.address', formatDestination(address, port, protocol)),
      element('td.number', formatCount(count)),
    ),
  );
  fillRows(find('errors'), rows, 5, 'None: nobody was refused, nothing was unreachable.');
}

/** What the kernel sends by itself has no process; of what is received it may not be known. */
function describeProcess(process, probe) {
  if (process !== '') return [process];
  return [element('span.empty', probe === 'send' ? 'kernel' : 'not known')];
}

export function showAgent({ backend, hooks, kernel, version, startTime, unreachableNamespaces, losses }) {
  const facts = {
    Backend: backend,
    Hooks: ['send', 'receive'].map((probe) => `${probe}: ${listFunctions(hooks, probe)}`),
    Kernel: kernel,
    Version: version,
    Since: formatDay(startTime),
    'Namespaces not seen': formatCount(unreachableNamespaces),
    Lost:
      losses.length === 0
        ? 'nothing'
        : losses.map(({ reason, count }) => `${reason}: ${formatCount(count)}`).join(', '),
  };
  const entries = Object.entries(facts).map(([name, value]) =>
    element('div', element('dt', name), ...[value].flat().map((line) => element('dd', line))),
  );
  find('agent').replaceChildren(...entries);
}

function listFunctions(hooks, wanted) {
  return hooks
    .filter(({ probe }) => probe === wanted)
    .map((hook) => hook.function)
    .join(', ');
}

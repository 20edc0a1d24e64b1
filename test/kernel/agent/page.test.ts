// The page at / in a real browser: traffic is made, and the page comes to say what the kernel has counted.
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Browser, keys } from '../harness/browser.js';
import { requireRootAndTools, waitUntil } from '../harness/command.js';
import { subtractCounts, sumCounts } from '../harness/counts.js';
import { LiveAgent } from '../harness/live-agent.js';
import { Laboratory, type Namespace } from '../harness/namespaces.js';
import { settleCounters } from '../harness/snmp.js';

const build = path.resolve(import.meta.dirname, '../../../build');
const laboratory = new Laboratory();
let host: Namespace;
let agent: LiveAgent;
let browser: Browser;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping', 'nc', 'chromium', 'chromedriver');
  if (browser !== undefined) return;
  host = await laboratory.createNamespace('page', 'ip address add 10.8.57.20/32 dev lo');
  await settleCounters({ host });
  agent = await LiveAgent.start({ config: `netns: ${host.name}\n` });
  browser = await Browser.open();
  await browser.goTo(agent.url);
});
afterAll(async () => {
  await browser?.close();
  await agent?.stop();
  await laboratory.dispose();
});

const waitFor = async (what: string, read: () => Promise<unknown>, expected: unknown) => {
  let last: unknown;
  const holds = async () => {
    last = await read();
    return JSON.stringify(last) === JSON.stringify(expected);
  };
  await waitUntil(what, holds, 10_000).catch(() => {});
  expect(last).toEqual(expected);
};

const isVisible = (id: string) =>
  browser.evaluate<boolean>(`document.getElementById('${id}').checkVisibility()`);

describe('the last minutes', () => {
  test('numbers become what the kernel has counted', async () => {
    const before = await settleCounters({ host });
    await host.send(`ping -q -c 11 -i 0.02 10.8.57.20; ping -q -c 4 -i 0.02 ::1
      for try in 1 2 3; do echo hello | nc -u -w 1 10.8.57.20 517; done`);
    const kernel = subtractCounts(await settleCounters({ host }), before);
    const received = sumCounts(kernel, (cell) => cell.endsWith(' all'));
    const sent = sumCounts(kernel, (cell) => cell.includes(' send '));
    expect(received).toBe(11 * 2 + 4 * 2 + 3);
    await waitFor('received', () => browser.readTexts('#received-total'), [`${received} in all`]);
    await waitFor('sent', () => browser.readTexts('#sent-total'), [`${sent} in all`]);
    await waitFor('replies', () => browser.readTexts('#replies'), ['half of 15 in 10 min']);
    expect(await browser.readTexts('#lost')).toEqual(['0']);
    expect(await browser.readTexts('#status')).toEqual(['live']);
    expect(await browser.readRows('#talkers')).toEqual([
      ['10.8.57.20', '', '25', '25'],
      ['::1', '', '8', '8'],
    ]);
    expect(await browser.readRows('#errors')).toEqual(
      expect.arrayContaining([['port-unreachable', 'sent', 'kernel', '10.8.57.20:517/udp', '3']]),
    );
    const trips = await browser.readRows('#rtt');
    expect(trips.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(15);
    // The chart's samples are taken at moments of their own.
    const readTypes = async () => (await browser.readRows('#legend')).map(([type]) => type).sort();
    await waitFor('types', readTypes, ['dest-unreachable', 'echo-reply', 'echo-request']);
    expect(await browser.readTexts('#agent dd')).toContain('netfilter');
  });

  test('the chart is read with the keyboard', async () => {
    await browser.evaluate("document.getElementById('time').focus()");
    const moment = () => browser.readTexts('#moment');
    const read = (name: string) =>
      browser.evaluate<string>(`document.getElementById('time').getAttribute('aria-value${name}')`);
    await waitUntil('there are some samples', async () => Number(await read('min')) <= -2, 10_000);
    expect(await moment()).toEqual(['per second, now']);
    await browser.press(keys.left, keys.left);
    expect(await moment()).toEqual(['per second, 4 s ago']);
    expect(await read('text')).toMatch(/^4 s ago: \S+ received, \S+ sent$/);
    await browser.press(keys.end);
    expect(await moment()).toEqual(['per second, now']);
  });
});

describe('the program box', () => {
  const ask = async (program: string) => {
    await browser.evaluate(`document.getElementById('program').select()`);
    await browser.evaluate(`document.getElementById('program').focus()`);
    await browser.press(...program, keys.enter);
  };

  test('runs a program live, by the keyboard alone', async () => {
    await ask('send count by typename, daddr');
    await waitFor('it runs', () => browser.readTexts('#answer-status'), ['running']);
    await host.run('ping -q -c 5 -i 0.02 10.8.57.20');
    await waitFor('rows', () => browser.readRows('#answer-tables tbody'), [
      ['echo-reply', '10.8.57.20', '5'],
      ['echo-request', '10.8.57.20', '5'],
    ]);
    await browser.press(keys.escape);
    await waitFor('it stops', () => browser.readTexts('#run'), ['Run']);
  });

  test('has a table for each aggregation of a program', async () => {
    await ask('send count by daddr; receive count by saddr');
    await waitFor('it runs', () => browser.readTexts('#answer-status'), ['running']);
    await host.run('ping -q -c 1 10.8.57.20');
    const heads = () => browser.readTexts('#answer-tables th');
    await waitFor('tables', heads, ['ip_daddr', 'count', 'ip_saddr', 'count']);
    await browser.press(keys.escape);
  });

  test('shows events, and what comes from outside as text', async () => {
    await ask('send /type == ICMP_ECHO/');
    await waitFor('it runs', () => browser.readTexts('#answer-status'), ['running']);
    await host.run(
      `cp "$(command -v ping)" /tmp/'<b>ping' && /tmp/'<b>ping' -q -c 1 10.8.57.20; rm /tmp/'<b>ping'`,
    );
    const read = async () => (await browser.readTexts('#answer-lines div')).map((line) => line.slice(14));
    await waitUntil('a line', async () => (await read()).length > 0);
    expect((await read())[0]).toMatch(
      /^send {5}10\.8\.57\.20 → 10\.8\.57\.20 {2}echo-request {2}seq 1 {2}<b>ping\[\d+\]$/,
    );
    await browser.press(keys.escape);
  });

  test('says what is wrong with a program', async () => {
    await ask('send count by error_dprt');
    const read = () => browser.readTexts('#answer-status.bad');
    await waitUntil('an error', async () => (await read()).length > 0);
    expect((await read())[0]).toContain("unknown field 'error_dprt'");
    expect((await read())[0]).toContain("did you mean 'error_dport'?");
  });

  test('its examples are programs', async () => {
    const count = await browser.evaluate<number>("document.querySelectorAll('#examples button').length");
    expect(count).toBeGreaterThan(3);
    for (let index = 0; index < count; index++) {
      await browser.evaluate(`document.querySelectorAll('#examples button')[${index}].click()`);
      await waitFor('it runs', () => browser.readTexts('#answer-status'), ['running']);
    }
    await browser.press(keys.escape);
  });
});

describe('how it looks', () => {
  test.for([
    ['light', 1360],
    ['dark', 1360],
    ['light', 360],
    ['dark', 360],
  ] as const)('%s, %i pixels wide: all of it is in sight', async ([scheme, width]) => {
    await browser.setView(scheme, width);
    await browser.savePicture(path.join(build, `page-${scheme}-${width}.png`));
    expect(await browser.evaluate('document.documentElement.scrollWidth')).toBe(width);
    for (const id of ['received', 'chart', 'talkers', 'rtt', 'errors', 'program', 'agent'])
      expect(await isVisible(id)).toBe(true);
    const ground = await browser.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const [red = 0] = ground.match(/\d+/g)?.map(Number) ?? [];
    expect(red > 128).toBe(scheme === 'light');
  });

  test('its policy forbade nothing that it does, and nothing went wrong', async () => {
    // The program that was wrong on purpose is the one request that failed.
    const log = (await browser.readLog()).filter((line) => !line.includes('/events?program='));
    expect(log).toEqual([]);
    await browser.evaluate(`document.body.insertAdjacentHTML('beforeend', '<p style="color: red">')`);
    expect((await browser.readLog()).join()).toContain('Content Security Policy');
  });
});

// The page's files and what they show, over HTTP.
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { OverviewState } from '../../../src/agent/page/overview.js';
import { echoRequest, portUnreachable } from '../../event/make-records.js';
import { TestAgent } from '../harness/test-agent.js';

let agent: TestAgent | undefined;

afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});

const start = async () => {
  agent = await TestAgent.start();
  return agent;
};

it('is there with all that it refers to, and may load nothing from elsewhere', async () => {
  const { get } = bind(await start());
  const { status, text, headers } = await get('/');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(policy).not.toContain('unsafe');
  expect(text).not.toMatch(/ style=| on\w+=|https?:/);
  const files = [...text.matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, file]) => file as string);
  const script = files.find((file) => file.endsWith('.js')) ?? '';
  const modules = [...(await get(`/${script}`)).text.matchAll(/'\.\/([^']+)'/g)].map(
    ([, name]) => `page/${name}`,
  );
  expect(modules.length).toBeGreaterThan(2);
  for (const file of new Set([...files, ...modules])) {
    const answer = await get(`/${file}`);
    expect([file, answer.status]).toEqual([file, 200]);
    const name = new URL(`../../../src/agent/page/public/${file.slice('page/'.length)}`, import.meta.url);
    expect(answer.text).toBe(readFileSync(name, 'utf8'));
  }
  expect(await get('/page/../overview.js')).toMatchObject({ status: 404 });
  expect(await get('/page/')).toMatchObject({ status: 404 });
});

it('shows messages, talkers and errors as they were counted', async () => {
  const { get, feed } = bind(await start());
  await feed(echoRequest, echoRequest, portUnreachable, { ...portUnreachable, cs_comm: '\u001b[0m' });
  const state = JSON.parse((await get('/overview')).text) as OverviewState;
  expect(state.totals).toEqual({ send: 2, receive: 2 });
  expect(state.talkers.reduce((sum, { sent, received }) => sum + sent + received, 0)).toBe(4);
  expect(state.errors).toHaveLength(2);
  expect(state.errors.map(({ process, count }) => [process, count])).toContainEqual(['\\x1b[0m', 1]);
  expect(state.losses).toEqual([]);
  expect(state.rtt).toEqual([]);
});

/** Its methods, to be taken apart. */
function bind(bound: TestAgent) {
  return { get: bound.get.bind(bound), feed: bound.feed.bind(bound) };
}

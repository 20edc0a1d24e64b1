// A real Prometheus scrapes an agent that speaks TLS and asks who it is.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hashSync } from 'bcrypt';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Authority } from '../../agent/harness/certificates.js';
import { requirePrometheus } from '../../agent/harness/prometheus.js';
import { requireRootAndTools } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { LivePrometheus } from '../harness/live-prometheus.js';
import { Laboratory, type Namespace } from '../harness/namespaces.js';

const PASSWORD = 'of Prometheus';
const TOKEN = 'a-token-of-the-test-0123456789';
const laboratory = new Laboratory();
let folder = '';
let binaries = '';
let host: Namespace;

beforeAll(async () => {
  host = await laboratory.createNamespace('secure');
  folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  chmodSync(folder, 0o755);
  new Authority(folder).sign('server');
  writeFileSync(path.join(folder, 'token'), TOKEN);
});
beforeEach((context) => {
  requireRootAndTools(context, 'ip', 'ping', 'curl', 'openssl');
  binaries = requirePrometheus(context);
});
afterAll(async () => {
  await laboratory.dispose();
  rmSync(folder, { recursive: true });
});

function writeWeb(): string {
  const web = path.join(folder, 'web.yml');
  writeFileSync(
    web,
    `tls_server_config: { cert_file: server.pem, key_file: server.key }
basic_auth_users: { prometheus: "${hashSync(PASSWORD, 9)}" }
bearer_token_file: token
`,
  );
  return web;
}

const credentials = {
  'a password': { basic_auth: { username: 'prometheus', password: PASSWORD } },
  'a bearer token': { authorization: { type: 'Bearer', credentials: TOKEN } },
};

test.each(Object.entries(credentials))('over TLS with %s', async (_what, given) => {
  const agent = await LiveAgent.start({
    config: `netns: self\nweb_config_file: ${writeWeb()}\n`,
    inside: host,
  });
  let prometheus: LivePrometheus | undefined;
  try {
    await host.run('ping -q -c 3 -i 0.02 127.0.0.1');
    prometheus = await LivePrometheus.start(binaries, host, new URL(agent.url).host, {
      scheme: 'https',
      tls_config: { ca_file: path.join(folder, 'ca.pem') },
      ...given,
    });
    const [messages] = await prometheus.query('sum(icmpprobe_messages_total)');
    expect(messages?.value).toBe(12);
    await expect(agent.ask('/metrics', '-k')).rejects.toThrow('401');
  } finally {
    await prometheus?.stop();
    await agent.stop();
  }
});

test('a flood of wrong passwords costs no event and no scrape', { timeout: 60_000 }, async () => {
  const agent = await LiveAgent.start({
    config: `netns: self\nweb_config_file: ${writeWeb()}\n`,
    inside: host,
  });
  try {
    const right = ['-k', '-u', `prometheus:${PASSWORD}`];
    await agent.ask('/-/healthy', ...right);
    const attempts = `seq 60 | xargs -P 30 -I@ curl -sk -o /dev/null -w '%{http_code}\\n' -u prometheus:@ ${agent.url}/`;
    const flood = Promise.all([host.run(attempts), host.run('ping -q -f -c 10000 127.0.0.1')]);
    let isOver = false;
    void flood.finally(() => {
      isOver = true;
    });
    let scrapes = 0;
    for (; !isOver; scrapes++) await agent.ask('/metrics', ...right);
    const statuses = (await flood)[0].trim().split('\n');
    expect(statuses).toHaveLength(60);
    expect(statuses).toContain('401');
    expect(statuses.filter((status) => !['401', '429'].includes(status))).toEqual([]);
    expect(scrapes).toBeGreaterThan(0);
    const text = await agent.ask('/metrics', ...right);
    expect(text).toContain('icmpprobe_messages_total{probe="receive",version="4",type="8",code="0"} 10000\n');
    expect(text).not.toMatch(/^icmpprobe_events_lost_total\{.*\} [1-9]/m);
  } finally {
    await agent.stop();
  }
});

test('a key that the user it becomes cannot reach: it goes on with what there was, and says so', async () => {
  const locked = path.join(folder, 'locked');
  mkdirSync(locked, { mode: 0o700 });
  copyFileSync(path.join(folder, 'server.key'), path.join(locked, 'server.key'));
  const web = path.join(folder, 'locked.yml');
  writeFileSync(web, 'tls_server_config: { cert_file: server.pem, key_file: locked/server.key }\n');
  const agent = await LiveAgent.start({ config: `netns: self\nweb_config_file: ${web}\n`, inside: host });
  try {
    for (let request = 0; request < 3; request++) expect(await agent.ask('/-/ready', '-k')).toBe('ready\n');
    expect(agent.said).toContain('the web configuration has changed, and stays as it was:\n');
    expect(agent.said.match(/key_file: cannot be read: EACCES/g)).toHaveLength(1);
    expect(agent.said).not.toContain('takes a restart');
  } finally {
    await agent.stop();
  }
});

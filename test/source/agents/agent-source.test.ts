// Agents as a source: who cannot be asked is said, with how to mend it.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { hashSync } from 'bcrypt';
import { afterEach, expect, it } from 'vitest';
import { compileProgram } from '../../../src/program/compile-program.js';
import { AgentSource } from '../../../src/source/agents/agent-source.js';
import { AgentError, AgentStream } from '../../../src/source/agents/agent-stream.js';
import { type AgentTarget, parseAgentUrls, readTargets } from '../../../src/source/agents/agent-target.js';
import { replayHooks } from '../../../src/source/replay-hooks.js';
import { Authority } from '../../agent/harness/certificates.js';
import { TestAgent } from '../../agent/harness/test-agent.js';
import { echoRequest, portUnreachable } from '../../event/make-records.js';

const TOKEN = 'a-token-of-the-test-0123456789';
const users = `basic_auth_users: { alice: "${hashSync('secret', 4)}" }\nbearer_token_file: token\n`;
const tls = 'tls_server_config: { cert_file: server.pem, key_file: server.key }\n';
let agent: TestAgent | undefined;

afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});

async function start(web: string): Promise<TestAgent> {
  agent = await TestAgent.start('web_config_file: web.yml\n', (folder) => {
    new Authority(folder).sign('server');
    writeFileSync(path.join(folder, 'token'), TOKEN);
    writeFileSync(path.join(folder, 'alice'), 'alice:secret\n');
    writeFileSync(path.join(folder, 'web.yml'), web);
  });
  return agent;
}

/** Events seen until it is settled, and what was said. */
async function ask(
  url: string,
  options: { ca?: string; credentials?: string; certificate?: string | undefined } = {},
  feed = async () => {},
) {
  const said: string[] = [];
  let seen = 0;
  try {
    const targets = readTargets({
      urls: parseAgentUrls(url) ?? [],
      ca: options.ca,
      certificate: options.certificate,
      credentials: options.credentials,
    });
    const source = await AgentSource.connect(targets, 'send', (text) => said.push(text));
    const count = (view: { base: number; advance(): void }, end: number) => {
      for (; view.base < end; view.advance()) seen++;
    };
    source.start(
      count,
      (error) => said.push(error.message),
      (error) => said.push(error?.message ?? ''),
    );
    await feed();
    await source.settle();
    source.close();
  } catch (error) {
    said.push((error as Error).message);
  }
  return { seen, said: said.join('\n') };
}

it('an agent is asked with credentials of a file, over TLS that is verified', async () => {
  const { url, folder } = await start(tls + users);
  const ca = path.join(folder, 'ca.pem');
  const credentials = path.join(folder, 'token');
  expect((await ask(url)).said).toContain('--agent-ca names the authority to trust');
  expect((await ask(url, { ca })).said).toContain('401, it asks who this is: --agent-credentials FILE');
  expect((await ask(url, { ca, credentials: ca })).said).toContain(
    'expected one line, USER:PASSWORD or a token',
  );
  const other = path.join(folder, 'other');
  writeFileSync(other, 'bob:secret');
  expect((await ask(url, { ca, credentials: other })).said).toContain(
    '401, it does not know these credentials',
  );
  expect((await ask(url, { ca, credentials })).said).toBe('');
  expect((await ask(url, { ca, credentials: path.join(folder, 'alice') })).said).toBe('');
  expect((await ask(url.replace('//', '//alice:secret@'), { ca })).said).toBe('');
  expect((await ask(url.replace('//', '//alice:wrong@'), { ca })).said).not.toContain('wrong');
  expect((await ask(url.replace('https', 'http'))).said).toMatch(/broke|TLS|hang up|Parse/);
  expect((await ask(url, { ca: '/nothing' })).said).toContain('cannot read /nothing');
}, 30_000);

it('a certificate is shown to an agent that asks for one', async () => {
  const clients = ', client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem }';
  const { url, folder } = await start(tls.replace(' }', clients));
  new Authority(folder, 'other').sign('stranger');
  const ca = path.join(folder, 'ca.pem');
  const join = (name: string) => {
    const files = [`${name}.pem`, `${name}.key`].map((file) => readFileSync(path.join(folder, file), 'utf8'));
    writeFileSync(path.join(folder, `${name}.both`), files.join(''));
    return path.join(folder, `${name}.both`);
  };
  expect((await ask(url, { ca, certificate: join('server') })).said).toBe('');
  for (const certificate of [undefined, join('stranger')]) {
    const { said } = await ask(url, { ca, certificate });
    expect(said).toContain(`agent ${url}: `);
    expect(said).toContain('(--agent-cert)');
  }
  expect((await ask(url, { ca, certificate: ca })).said).toContain('expected a certificate and its key');
  expect((await ask(url, { ca: join('server').replace('.both', '.key') })).said).toContain(
    'expected a certificate',
  );
}, 30_000);

it.each([
  ['before it answers', '', 'no answer in 0.2 s: is it there, and reached from here?'],
  ['in its stream', 'HTTP/1.1 200 OK\r\n\r\n', 'nothing heard for 0.3 s: is it there?'],
])('an agent that falls silent %s is given up', async (_, answer, why) => {
  const silent = createServer((socket) => socket.on('error', () => {}).write(answer)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const [target] = readTargets({
    urls: parseAgentUrls(url) ?? [],
    ca: undefined,
    certificate: undefined,
    credentials: undefined,
  });
  const ended = AgentStream.open(target as AgentTarget, 'send', { answerMs: 200, streamMs: 300 }).then(
    (stream) =>
      new Promise((resolve) =>
        stream.read(
          () => {},
          (error) => resolve(error),
        ),
      ),
    (error) => error,
  );
  expect(await ended).toEqual(new AgentError(`agent ${url}: ${why}`));
  silent.close();
});

it('what an agent has seen when it is to end comes before the end', async () => {
  const { url, feed } = bind(await start(''));
  const { seen, said } = await ask(url, {}, async () => {
    for (let round = 0; round < 5; round++) await feed(echoRequest, portUnreachable, echoRequest);
  });
  expect(said).toBe('');
  expect(seen).toBe(10);
});

it('all that is wrong is said', async () => {
  const { url, agent: stopped } = bind(await start(''));
  expect((await ask(`${url}/nothing`)).said).toContain('404: is this an agent of icmpprobe?');
  const { said } = await ask(`http://127.0.0.1:9,${url}`, {}, async () => {
    await stopped.stop();
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  expect(said).toContain('agent http://127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9: is it running');
  expect(said).toContain(`agent ${url}: it has ended its stream: was it stopped?; what it sees from here on`);
  expect(said).toContain('there is no agent left to ask');
  expect(parseAgentUrls('10.0.0.1')).toBeUndefined();
  expect(parseAgentUrls('ftp://10.0.0.1')).toBeUndefined();
});

it.each([
  ['send count by daddr', 'send'],
  ['send /type == 8/ count', 'send /(icmp_type == 8)/'],
  ['send /type == 8/ count; send /comm == "x"/ count', 'send /(icmp_type == 8) || (cs_comm == "x")/'],
  ['send /type == 8/; receive', 'send /(icmp_type == 8)/; receive'],
  ['send /saddr in 10.0.0.0/8/; send', 'send'],
  // What may fail does so here, where it is said.
  ['send /8 / type == 1/', 'send'],
  ['send { n++; } send /n > 1/ { trace(1); }', 'send'],
  ['BEGIN { trace(1); } receive', 'receive'],
])('an agent is asked for the events of %s by %s', (text, filter) => {
  const described = compileProgram(text, { hooks: replayHooks }).describeMessages();
  expect(described).toBe(filter);
  expect(compileProgram(described, { hooks: replayHooks }).clauses.length).toBeGreaterThan(0);
});

function bind(bound: TestAgent) {
  return { url: bound.url, agent: bound.agent, feed: bound.feed.bind(bound) };
}

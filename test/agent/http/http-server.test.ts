// The agent over HTTP: what it answers, to whom, and whatever is sent to it.
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { echoRequest, portUnreachable } from '../../event/make-records.js';
import { waitUntil } from '../../kernel/harness/command.js';
import { checkMetrics, requirePrometheus } from '../harness/prometheus.js';
import { TestAgent } from '../harness/test-agent.js';

let agent: TestAgent | undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await agent?.stop();
  agent = undefined;
});

const start = async (text?: string) => {
  agent = await TestAgent.start(text);
  return agent;
};

const manyKinds = `
metrics:
  - { name: icmp_refused_total, help: Refused., program: "receive /error_dport != 0/ count by saddr, error_dport" }
  - { name: icmp_sent_bytes_total, help: Sent., program: send sum(plength) by pid }
  - { name: icmp_least_ttl, help: Least., program: send min(ttl) by comm }
  - { name: icmp_mean_bytes, help: Mean., program: "send,receive avg(plength)" }
  - { name: icmp_ttl, help: TTLs., program: send quantize(ttl) by saddr }
  - { name: icmp_linear_ttl, help: TTLs., program: "send lquantize(ttl, 0, 255, 32)" }
  - { name: icmp_rtt_seconds, help: RTT., program: receive quantize(rtt), buckets: [0.001, 0.1] }
`;

/** What a connection gets for these bytes until it ends. */
function exchange(bytes: string | Buffer): Promise<string> {
  const socket = open();
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString('latin1');
  });
  socket.write(bytes);
  return new Promise((resolve) => socket.on('close', () => resolve(answer)));
}

function open(): Socket {
  const { port, hostname } = new URL(agent?.url ?? '');
  const socket = connect(Number(port), hostname).on('error', () => {});
  sockets.push(socket);
  return socket;
}

describe('/metrics', () => {
  it('is what promtool finds nothing wrong with', async (context) => {
    const folder = requirePrometheus(context);
    const { feed, get } = bind(await start(manyKinds));
    await feed(echoRequest, portUnreachable, { ...echoRequest, cs_comm: '"\\\n{}' });
    const { text } = await get('/metrics');
    expect(await checkMetrics(folder, text)).toBe('');
    expect(text).toContain('icmp_refused_total{ip_saddr="10.0.0.2",icmp_error_dport="9"} 1\n');
    // The judge does judge.
    expect(await checkMetrics(folder, text.replaceAll('icmp_refused_total', 'icmp_refused'))).toContain(
      'counter metrics should have "_total" suffix',
    );
  });

  it('is OpenMetrics for whom wants that, and text afterwards again', async () => {
    const { feed, get } = bind(await start(manyKinds));
    await feed(echoRequest);
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    for (let round = 0; round < 2; round++) {
      const { text, headers } = await get('/metrics', { headers: { Accept: accept } });
      expect(headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      expect(text).toMatch(/^# TYPE icmpprobe_messages counter$/m);
      expect(text).toMatch(/^icmpprobe_messages_total\{probe="send",version="4",type="8",code="0"\} 1$/m);
      expect(text).toMatch(/^# TYPE process_cpu_seconds counter$/m);
      expect(text.endsWith('# EOF\n')).toBe(true);
      const plain = await get('/metrics', { headers: { Accept: '*/*' } });
      expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(plain.text).toMatch(/^# TYPE icmpprobe_messages_total counter$/m);
      expect(plain.text).toMatch(/^# TYPE process_cpu_seconds_total counter$/m);
    }
    expect(await get('/metrics', { headers: { Accept: 'image/png' } })).toMatchObject({ status: 406 });
  });

  it('has no body for HEAD', async () => {
    const { get } = bind(await start());
    const { status, text, headers } = await get('/metrics', { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
    expect(Number(headers.get('content-length'))).toBeGreaterThan(1000);
  });
});

describe('/-/', () => {
  it('says how it is', async () => {
    const { get } = bind(await start());
    expect(await get('/-/healthy')).toMatchObject({ status: 200, text: 'healthy\n' });
    expect(await get('/-/ready')).toMatchObject({ status: 200, text: 'ready\n' });
  });

  it('reloads what is right, keeps the counts of what did not change, and refuses what is wrong', async () => {
    const metric = '- { name: a_total, help: A., program: send count }';
    const { feed, get, configure } = bind(await start(`metrics:\n${metric}\n`));
    await feed(echoRequest);
    configure(`metrics:\n${metric}\n- { name: b_total, help: B., program: send count }\n`);
    expect(await get('/-/reload', { method: 'POST' })).toMatchObject({ status: 200, text: 'reloaded\n' });
    await feed(echoRequest);
    configure('metrics: [{ name: c }]\n');
    const refused = await get('/-/reload', { method: 'POST' });
    expect(refused.status).toBe(400);
    expect(refused.text).toMatch(/stays as it was:\n.*agent\.yml:3:11: metrics\[0\]: expected 'help'\n/);
    const { text } = await get('/metrics');
    expect(text).toContain('\na_total 2\n');
    expect(text).toContain('\nb_total 1\n');
    expect(text).toContain('\nicmpprobe_config_last_reload_successful 0\n');
    expect(text).not.toContain('\nc ');
  });
});

describe('whom it answers', () => {
  it('no page of another origin may change anything', async () => {
    const { get, url } = bind(await start());
    const post = (headers: Record<string, string>) => get('/-/reload', { method: 'POST', headers });
    expect(await post({ Origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await post({ Origin: 'null' })).toMatchObject({ status: 403 });
    expect(await exchange(request('POST', '/-/reload', 'Sec-Fetch-Site: cross-site'))).toMatch(
      /^HTTP\/1\.1 403 /,
    );
    expect(await post({ Origin: url })).toMatchObject({ status: 200 });
    expect(await post({})).toMatchObject({ status: 200 });
    expect(await get('/-/reload')).toMatchObject({ status: 405 });
  });

  it('no name that was made to stand for loopback', async () => {
    await start();
    const ask = (host: string) =>
      exchange(`GET /-/healthy HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:80', '192.0.2.1']) {
      expect(await ask(host)).toMatch(/^HTTP\/1\.1 200 /);
    }
    for (const host of ['evil.example', 'localhost.evil.example:80', '127.0.0.1.evil.example', '']) {
      expect(await ask(host)).toMatch(/^HTTP\/1\.1 421 /);
    }
  });

  it('says to a browser that nothing here is to be embedded or guessed at', async () => {
    const { get } = bind(await start());
    const { headers } = await get('/metrics');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('whatever is sent to it', () => {
  const ok = (answer: string) => expect(answer).toMatch(/^HTTP\/1\.1 200 /);

  it.each([
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00', 400],
    ['a malformed request', 'GET / HTTP/1.1\r\nBad Header\r\n\r\n', 400],
    ['no host', 'GET /-/healthy HTTP/1.1\r\n\r\n', 400],
    [
      'two lengths',
      `POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
    ],
    [
      'a length and chunks',
      `POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
    ],
    ['large headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a long URL', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    [
      'a large body',
      `POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(5000)}`,
      413,
    ],
    [
      'a body in chunks',
      `POST /-/reload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\n`,
      413,
    ],
    ['a method that there is not', 'BREW /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    [
      'a method that is not for this',
      'DELETE /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      405,
    ],
    ['a proxy’s request', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n', 405],
    [
      'a path that leads out',
      'GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      404,
    ],
    ['a path of JavaScript', 'GET /__proto__ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 404],
    ['a path with an empty part', 'GET //x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 404],
    ['a URL that is none', 'GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
  ])('%s is answered with a status and changes nothing', async (_what, bytes, status) => {
    await start();
    expect(await exchange(Buffer.from(bytes, 'latin1'))).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    ok(await exchange(request('GET', '/-/healthy')));
  });

  it('a thousand connections that ask nothing keep nobody out', async () => {
    const { get } = bind(await start());
    const idle = Array.from({ length: 1000 }, open);
    const isSettled = (socket: Socket) => socket.readyState === 'open' || socket.destroyed;
    await waitUntil('all are connected', () => idle.every(isSettled));
    expect(await get('/-/healthy')).toMatchObject({ status: 200 });
    await waitUntil(
      'those in excess are closed',
      () => idle.filter(({ destroyed }) => destroyed).length >= 488,
    );
    expect(idle.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(500);
  });
});

function request(method: string, path: string, ...headers: string[]): string {
  return `${[`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;
}

/** Its methods, to be taken apart. */
function bind(bound: TestAgent) {
  return {
    url: bound.url,
    get: bound.get.bind(bound),
    feed: bound.feed.bind(bound),
    configure: bound.configure.bind(bound),
  };
}

// TLS, passwords and tokens, as curl and openssl meet them.
import { execFile } from 'node:child_process';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { hashSync } from 'bcrypt';
import { afterEach, describe, expect, it } from 'vitest';
import { echoRequest } from '../../event/make-records.js';
import { waitUntil } from '../../kernel/harness/command.js';
import { Authority } from '../harness/certificates.js';
import { TestAgent } from '../harness/test-agent.js';

const PASSWORD = 'correct horse: battery';
const TOKEN = 'a-token-of-the-test-0123456789';
const users = `basic_auth_users: { alice: "${hashSync(PASSWORD, 5).replace('$2b$', '$2y$')}" }\n`;
const tls = 'tls_server_config: { cert_file: server.pem, key_file: server.key }\n';

let agent: TestAgent | undefined;
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});

/** @param web the web configuration */
async function start(web: string): Promise<TestAgent> {
  agent = await TestAgent.start('web_config_file: web.yml\n', (folder) => {
    new Authority(folder).sign('server');
    writeFileSync(path.join(folder, 'token'), `${TOKEN}\n`);
    writeFileSync(path.join(folder, 'web.yml'), web);
  });
  return agent;
}

/** The status that curl sees, or why it sees none. */
async function curl(pathname: string, ...options: readonly string[]): Promise<string> {
  const { url, folder } = agent as TestAgent;
  const line = ['-sS', '-o', 'body', '-w', '%{http_code}', ...options, url + pathname];
  try {
    return (await promisify(execFile)('curl', line, { cwd: folder })).stdout;
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

async function handshake(...options: readonly string[]): Promise<string> {
  const { url, folder } = agent as TestAgent;
  const line = ['s_client', '-connect', new URL(url).host, '-CAfile', 'ca.pem', ...options];
  const child = promisify(execFile)('openssl', line, { cwd: folder });
  child.child.stdin?.end();
  const { stdout, stderr } = await child.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

const paths = [
  '/',
  '/metrics',
  '/events',
  '/overview',
  '/-/healthy',
  '/-/ready',
  '/page/main.js',
  '/nothing',
];

describe('a password', () => {
  it('is asked for on every path, and no other will do', async () => {
    await start(users);
    for (const path of paths) {
      expect(await curl(path), path).toBe('401');
      expect(await curl(path, '-I', '-u', 'alice:wrong'), path).toBe('401');
    }
    expect(await curl('/-/reload', '-X', 'POST')).toBe('401');
    const wrong = [`bob:${PASSWORD}`, `alice:${PASSWORD}x`, 'alice:', `:${PASSWORD}`, `Alice:${PASSWORD}`];
    for (const credentials of wrong) expect(await curl('/-/healthy', '-u', credentials)).toBe('401');
    for (const value of ['Basic', 'Basic !', 'Basic YWxpY2U=', `Bearer ${TOKEN}`, 'Digest x'])
      expect(await curl('/-/healthy', '-H', `Authorization: ${value}`)).toBe('401');
    expect(await curl('/-/healthy', '-u', `alice:${PASSWORD}`)).toBe('200');
    expect(await curl('/metrics', '-u', `alice:${PASSWORD}`)).toBe('200');
    // What was right does not make right what is not.
    expect(await curl('/metrics', '-u', `alice:${PASSWORD}x`)).toBe('401');
    expect(await curl('/-/reload', '-X', 'POST', '-u', `alice:${PASSWORD}`)).toBe('200');
  });

  it('is told by name how to be given', async () => {
    const { get } = bind(await start(users));
    expect((await get('/')).headers.get('www-authenticate')).toBe('Basic realm="icmpprobe", charset="UTF-8"');
  });

  it('takes as long to be refused for a user that there is not', async () => {
    await start(`basic_auth_users: { alice: "${hashSync(PASSWORD, 9)}" }\n`);
    const measure = async (credentials: string) => {
      const start = performance.now();
      await (agent as TestAgent).get('/-/healthy', { headers: authorize(credentials) });
      return performance.now() - start;
    };
    // In turn, so that what else the machine does hits both.
    let [known, unknown] = [Infinity, Infinity];
    for (let round = 0; round < 12; round++) {
      known = Math.min(known, await measure('alice:wrong'));
      unknown = Math.min(unknown, await measure('bob:wrong'));
    }
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });

  it('tried in a flood keeps out nobody who was in', async () => {
    const { get } = bind(await start(`basic_auth_users: { alice: "${hashSync(PASSWORD, 11)}" }\n`));
    const headers = authorize(`alice:${PASSWORD}`);
    expect(await get('/-/healthy', { headers })).toMatchObject({ status: 200 });
    let refused = 0;
    const flood = Array.from({ length: 200 }, async (_, index) => {
      const { status } = await get('/', { headers: authorize(`alice:${index}`) });
      if (status === 401) refused++;
      return status;
    });
    expect(await get('/-/healthy', { headers })).toMatchObject({ status: 200 });
    // It has not waited for those that are tried.
    expect(refused).toBeLessThan(16);
    expect([...new Set(await Promise.all(flood))].sort()).toEqual([401, 429]);
  }, 60_000);
});

describe('a token', () => {
  it('lets in who has it, beside passwords', async () => {
    await start(`${users}bearer_token_file: token\n`);
    expect(await curl('/-/healthy')).toBe('401');
    expect(await curl('/-/healthy', '-H', `Authorization: Bearer ${TOKEN}x`)).toBe('401');
    expect(await curl('/-/healthy', '-H', `Authorization: Bearer ${TOKEN}`)).toBe('200');
    expect(await curl('/-/healthy', '-H', `Authorization: bearer ${TOKEN}`)).toBe('200');
    expect(await curl('/-/healthy', '-u', `alice:${PASSWORD}`)).toBe('200');
  });
});

describe('TLS', () => {
  it('is spoken from the version on that is said, and nothing else is', async () => {
    await start(tls.replace(' }', ', min_version: TLS13 }'));
    expect(await curl('/-/healthy', '--cacert', 'ca.pem')).toBe('200');
    expect(await curl('/-/healthy')).toContain('certificate problem');
    expect(await handshake('-tls1_3')).toContain('Verify return code: 0 (ok)');
    expect(await handshake('-tls1_2')).toContain('alert protocol version');
    expect(await handshake('-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0')).toContain('alert protocol version');
    const clear = (agent as TestAgent).url.replace('https:', 'http:');
    await expect(fetch(`${clear}/-/healthy`)).rejects.toThrow();
  });

  it('has the suites and curves that are said', async () => {
    const suite = 'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384], curve_preferences: [CurveP384]';
    await start(tls.replace(' }', `, ${suite} }`));
    expect(await handshake('-tls1_2')).toMatch(/ECDHE-ECDSA-AES256-GCM-SHA384[\s\S]*secp384r1|secp384r1/);
    expect(await handshake('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256')).toContain(
      'alert handshake',
    );
    expect(await handshake('-tls1_3', '-groups', 'X25519')).toContain('alert handshake failure');
  });

  it('takes a renewed certificate without a reload, and keeps the old one where the new is none', async () => {
    const { folder, said } = bind(await start(tls));
    const readSerial = async () => /-----BEGIN[\s\S]*?END/.exec(await handshake())?.[0];
    const before = await readSerial();
    // An open connection goes on.
    new Authority(folder, 'next').sign('renewed');
    writeFileSync(path.join(folder, 'server.key.new'), 'nonsense');
    copyFileSync(path.join(folder, 'server.key'), path.join(folder, 'server.key.old'));
    renameSync(path.join(folder, 'server.key.new'), path.join(folder, 'server.key'));
    expect(await readSerial()).toBe(before);
    await waitUntil('it is said', () => said.some((text) => text.includes('stays as it was')));
    for (const end of ['pem', 'key'])
      copyFileSync(path.join(folder, `renewed.${end}`), path.join(folder, `server.${end}`));
    expect(await readSerial()).not.toBe(before);
    expect(await curl('/-/healthy', '--cacert', 'ca.pem')).toContain('certificate problem');
    expect(await curl('/-/healthy', '--cacert', 'next.pem')).toBe('200');
  });

  it('asks clients for a certificate of the authority that is said', async () => {
    const { folder } = bind(
      await start(
        tls.replace(' }', ', client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem }'),
      ),
    );
    new Authority(folder, 'foreign').sign('stranger');
    new Authority(folder, 'clients');
    const ask = (name: string) =>
      curl('/-/healthy', '--cacert', 'ca.pem', '--cert', `${name}.pem`, '--key', `${name}.key`);
    expect(await curl('/-/healthy', '--cacert', 'ca.pem')).toMatch(/alert|reset|SSL|Empty reply/);
    expect(await ask('stranger')).toMatch(/alert|reset|SSL|Empty reply/);
    expect(await ask('server')).toBe('200');
  });
});

it('changes of users and headers are there at the next request', async () => {
  const { folder, get, feed } = bind(await start(''));
  expect(await curl('/-/healthy')).toBe('200');
  await feed(echoRequest);
  writeFileSync(
    path.join(folder, 'web.yml'),
    `${users}http_server_config: { headers: { X-Frame-Options: deny, Content-Security-Policy: "default-src 'self'" } }\n`,
  );
  expect(await curl('/-/healthy')).toBe('401');
  const { headers } = await get('/', { headers: authorize(`alice:${PASSWORD}`) });
  expect(headers.get('x-frame-options')).toBe('deny');
  expect(headers.get('content-security-policy')).toBe("default-src 'self'");
});

function authorize(credentials: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function bind(bound: TestAgent) {
  return {
    folder: bound.folder,
    said: bound.said,
    get: bound.get.bind(bound),
    feed: bound.feed.bind(bound),
  };
}

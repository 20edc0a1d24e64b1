// The web configuration: what is wrong with it is said, each mistake in its place.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/agent/config/agent-config.js';
import { loadWebConfig } from '../../../src/agent/web/web-config.js';
import { replayHooks } from '../../../src/source/replay-hooks.js';
import { Authority } from '../harness/certificates.js';

const hash = '$2y$10$8.hzmxyENUvJFRhzmI4p9uIiHW.hJa/vKhKL0UrLrmmDvTGLJMWtO';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  const authority = new Authority(folder);
  authority.sign('server');
  authority.sign('other');
  writeFileSync(path.join(folder, 'token'), 'a-token-of-the-test-0123456789\n');
  writeFileSync(path.join(folder, 'short'), 'secret\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (text: string) => {
  const file = path.join(folder, 'web.yml');
  writeFileSync(file, text);
  return file;
};
const load = (text: string) => loadWebConfig(write(text));

/** A message without the folder. */
function complain(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
  throw new Error('nothing is wrong');
}

describe('a web configuration', () => {
  it('is what exporter-toolkit takes, its paths relative to it', () => {
    const { tls, users, headers, bearerToken } = load(`
tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.pem
  min_version: TLS12
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  prefer_server_cipher_suites: false
http_server_config:
  http2: false
  headers:
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  alice: ${hash}
bearer_token_file: token
`);
    expect(tls).toMatchObject({
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ecdhCurve: 'X25519:P-256',
      honorCipherOrder: false,
    });
    expect(tls?.ciphers?.split(':')).toContain('ECDHE-ECDSA-AES128-GCM-SHA256');
    expect([...users.keys()]).toEqual(['alice']);
    expect(headers).toEqual({ 'Strict-Transport-Security': 'max-age=31536000' });
    expect(bearerToken).toBe('a-token-of-the-test-0123456789');
    expect(load('')).toMatchObject({ tls: undefined, bearerToken: undefined });
  });

  it.each([
    ['tls_server_confg: {}', "web.yml:1:1: tls_server_confg: unknown key 'tls_server_confg': did you mean"],
    ['tls_server_config: { cert_file: server.pem }', "web.yml:1:20: tls_server_config: expected 'key_file'"],
    [
      'tls_server_config: { cert_file: no.pem, key_file: server.key }',
      'web.yml:1:33: tls_server_config.cert_file: cannot be read: ENOENT',
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: other.key }',
      'web.yml:1:20: tls_server_config: expected a certificate, its key and authorities in PEM: error:',
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: server.key, min_version: TLS10 }',
      "tls_server_config.min_version: expected one of TLS12, TLS13, this is 'TLS10'",
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: server.key, min_version: TLS13, max_version: TLS12 }',
      'tls_server_config.max_version: expected TLS13 or above',
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: server.key, cipher_suites: [TLS_RSA_WITH_RC4_128_SHA] }',
      'tls_server_config.cipher_suites[0]: expected one of TLS_AES_128_GCM_SHA256',
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: RequestClientCert }',
      'tls_server_config.client_auth_type: expected one of NoClientCert, RequireAndVerifyClientCert',
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: RequireAndVerifyClientCert }',
      "expected 'client_ca_file'",
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: server.key, client_allowed_sans: [x] }',
      "unknown key 'client_allowed_sans'",
    ],
    ['http_server_config: { http2: true }', 'http_server_config.http2: HTTP/2 is not spoken here'],
    ['http_server_config: { headers: { Server: x } }', "unknown key 'Server'"],
    ['basic_auth_users: { alice: secret }', "basic_auth_users.alice: expected bcrypt's hash of the password"],
    [`basic_auth_users: { alice: "${hash.replace('$10$', '$31$')}" }`, 'with a cost up to 15'],
    ['bearer_token_file: short', 'bearer_token_file: expected a file with one token of at least 16'],
  ])('%s is refused with its place', (text, message) => {
    expect(complain(() => load(text))).toContain(message);
  });

  it('is refused with the file that names it', () => {
    write('basic_auth_users: { alice: secret }');
    const main = path.join(folder, 'agent.yml');
    writeFileSync(main, 'retention: 1h\nweb_config_file: web.yml\n');
    expect(complain(() => loadConfig(main, { hooks: replayHooks }))).toMatch(
      /^agent\.yml:2:18: web_config_file: \n {4}web\.yml:1:28: basic_auth_users\.alice: expected bcrypt's hash/,
    );
  });

  it('takes a restart where the server cannot follow', () => {
    const main = path.join(folder, 'agent.yml');
    writeFileSync(main, 'web_config_file: web.yml\n');
    write('');
    const running = loadConfig(main, { hooks: replayHooks });
    const tls = 'tls_server_config: { cert_file: server.pem, key_file: server.key';
    write(`${tls} }`);
    expect(complain(() => loadConfig(main, { hooks: replayHooks, running }))).toContain(
      'web_config_file: turning TLS on or off takes a restart',
    );
    const secure = loadConfig(main, { hooks: replayHooks });
    write(`${tls}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem }`);
    expect(complain(() => loadConfig(main, { hooks: replayHooks, running: secure }))).toContain(
      "changing 'client_auth_type' takes a restart",
    );
  });
});

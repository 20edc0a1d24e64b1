// `tls_server_config`: Go's names for what OpenSSL calls otherwise. What is not there is said by its name.
import type { SecureVersion, TlsOptions } from 'node:tls';
import type { Entry, YamlFile } from '../config/yaml-file.js';
import type { FileSet } from './file-set.js';

const keys = [
  'cert_file',
  'key_file',
  'client_auth_type',
  'client_ca_file',
  'min_version',
  'max_version',
  'cipher_suites',
  'curve_preferences',
  'prefer_server_cipher_suites',
] as const;

/** A certificate that is asked for and not verified would say nothing. */
const clientAuthTypes = ['NoClientCert', 'RequireAndVerifyClientCert'] as const;

const versions: Readonly<Record<'TLS12' | 'TLS13', SecureVersion>> = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' };

/** Always offered by TLS 1.3, as in Go. */
const suitesOfTls13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** Those of TLS 1.2 that Go's crypto/tls holds secure. */
const suites: Readonly<Record<string, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
};
const suiteNames = [...suitesOfTls13, ...Object.keys(suites)];

const curves = { CurveP256: 'P-256', CurveP384: 'P-384', CurveP521: 'P-521', X25519: 'X25519' } as const;
const curveNames = Object.keys(curves) as readonly (keyof typeof curves)[];
const versionNames = Object.keys(versions) as readonly (keyof typeof versions)[];

/** What is wrong is reported; then what is given back is not to be used. */
export function readTlsConfig(yaml: YamlFile, entry: Entry, files: FileSet): TlsOptions {
  const given = yaml.readMap(entry, keys) ?? {};
  for (const key of ['cert_file', 'key_file'] as const) {
    if (given[key] === undefined) yaml.report(entry, `expected '${key}'`);
  }
  const readVersion = (version: Entry | undefined) => version && yaml.readChoice(version, versionNames);
  const minVersion = readVersion(given.min_version) ?? 'TLS12';
  const maxVersion = readVersion(given.max_version) ?? 'TLS13';
  if (minVersion > maxVersion) yaml.report(given.max_version ?? entry, `expected ${minVersion} or above`);
  const ciphers = given.cipher_suites && readSuites(yaml, given.cipher_suites);
  const ecdhCurve = given.curve_preferences && readCurves(yaml, given.curve_preferences);
  const prefersOwn = given.prefer_server_cipher_suites && yaml.readBoolean(given.prefer_server_cipher_suites);
  return {
    cert: given.cert_file && files.read(yaml, given.cert_file, 'the path of a certificate in PEM'),
    key: given.key_file && files.read(yaml, given.key_file, "the path of the certificate's key in PEM"),
    minVersion: versions[minVersion],
    maxVersion: versions[maxVersion],
    honorCipherOrder: prefersOwn ?? true,
    ...(ciphers && { ciphers }),
    ...(ecdhCurve && { ecdhCurve }),
    ...readClientAuth(yaml, entry, given, files),
  };
}

function readClientAuth(
  yaml: YamlFile,
  entry: Entry,
  { client_auth_type: type, client_ca_file: authorities }: Partial<Record<(typeof keys)[number], Entry>>,
  files: FileSet,
): TlsOptions {
  const isRequired = type && yaml.readChoice(type, clientAuthTypes) === 'RequireAndVerifyClientCert';
  if (isRequired !== true) {
    if (authorities !== undefined && type === undefined)
      yaml.report(authorities, "without 'client_auth_type: RequireAndVerifyClientCert' it says nothing");
    return {};
  }
  if (authorities === undefined)
    yaml.report(entry, "expected 'client_ca_file': who has signed for the clients");
  const ca = authorities && files.read(yaml, authorities, 'the path of certificates in PEM');
  return { ca, requestCert: true, rejectUnauthorized: true };
}

function readSuites(yaml: YamlFile, entry: Entry): string | undefined {
  const names = yaml.readList(entry, 'a list of cipher suites', (item) => yaml.readChoice(item, suiteNames));
  const olds = names?.flatMap((name) => suites[name] ?? []);
  return olds && [...suitesOfTls13, ...olds].join(':');
}

function readCurves(yaml: YamlFile, entry: Entry): string | undefined {
  const names = yaml.readList(entry, 'a list of curves', (item) => yaml.readChoice(item, curveNames));
  return names?.map((name) => curves[name]).join(':');
}

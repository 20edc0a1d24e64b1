// A configuration's text.
import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';

const MAX_FILE_BYTES = 1 << 20;

/** @throws ConfigError where the file cannot be read, or is too long */
export function readConfigText(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfigError(file, [{ line: 1, column: 1, key: '', message: `cannot be read: ${message}` }]);
  }
  if (text.length <= MAX_FILE_BYTES) return text;
  throw new ConfigError(file, [{ line: 1, column: 1, key: '', message: 'expected a file of at most 1 MiB' }]);
}

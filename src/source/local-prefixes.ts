// `--local`: the addresses that count as this host where a capture does not say which way a message went.
import { parseAddress } from '../event/address.js';

const PREFIX_BYTES = 18;

/**
 * "10.0.0.1,fe80::/10": for each prefix its version, its length in bits and sixteen bytes of address, as the addon
 * takes them. Undefined: it is no such list.
 */
export function parseLocalPrefixes(text: string): Uint8Array | undefined {
  const prefixes = text.split(',').map(parsePrefix);
  if (prefixes.some((prefix) => prefix === undefined)) return undefined;
  return Buffer.concat(prefixes as Uint8Array[]);
}

function parsePrefix(text: string): Uint8Array | undefined {
  const [, addressText = '', lengthText] = /^\s*([^/]+?)(?:\/(\d{1,3}))?\s*$/.exec(text) ?? [];
  const address = parseAddress(addressText);
  if (address === undefined) return undefined;
  const length = Number(lengthText ?? address.length * 8);
  if (length > address.length * 8) return undefined;
  const prefix = new Uint8Array(PREFIX_BYTES);
  prefix.set([address.length === 4 ? 4 : 6, length]);
  prefix.set(address, 2);
  return prefix;
}

// tracemem()'s dump (dt_print_rawbytes() in dt_consume.c).

const ROW_BYTES = 16;
const MARGIN = ' '.repeat(5);
const HEX_DIGITS = [...'0123456789abcdef'];

export function formatMemory(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  let text = `\n${MARGIN}      ${HEX_DIGITS.map((digit) => `  ${digit}`).join('')}  0123456789abcdef\n`;
  for (let at = 0; at < bytes.length; at += ROW_BYTES) {
    const row = [...bytes.subarray(at, at + ROW_BYTES)];
    const hex = row.map((byte) => ` ${byte.toString(16).padStart(2, '0')}`).join('');
    const shown = row.map((byte) => (byte < 0x20 || byte > 0x7e ? '.' : String.fromCharCode(byte))).join('');
    text += `${MARGIN}${at.toString(16).padStart(5)}:${hex.padEnd(3 * ROW_BYTES)}  ${shown}\n`;
  }
  return text;
}

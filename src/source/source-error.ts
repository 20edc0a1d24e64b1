// Why a source cannot be opened, attached or read. `code` is stable; the message says how to mend it.

export type SourceErrorCode =
  | 'ERR_PROBE_ADDON'
  | 'ERR_PROBE_LOAD'
  | 'ERR_PROBE_ATTACH'
  | 'ERR_PROBE_NAMESPACE'
  | 'ERR_PROBE_RING'
  | 'ERR_PROBE_CLOSED'
  | 'ERR_PROBE_PRIVILEGE'
  | 'ERR_PROBE_FILE'
  | 'ERR_PROBE_CAPTURE'
  | 'ERR_PROBE_RECORDING';

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

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
  | 'ERR_PROBE_RECORDING'
  | 'ERR_PROBE_AGENT';

/** What the kernel said, where it said something. */
export interface SourceErrorDetails {
  /** 0: none. */
  readonly errno: number;
  /** The last words of libbpf and the verifier. */
  readonly log: string;
}

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly details: SourceErrorDetails;

  constructor(
    code: SourceErrorCode,
    message: string,
    options: { cause?: unknown; details?: SourceErrorDetails } = {},
  ) {
    super(message, options);
    this.code = code;
    this.details = options.details ?? { errno: 0, log: '' };
  }
}

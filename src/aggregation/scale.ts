// The buckets of a histogram: which one a value falls into is histogram arithmetic in quantize.ts, lquantize.ts
// and llquantize.ts; this is what a program fixes of it.

export interface QuantizeScale {
  readonly kind: 'quantize';
}

/** `levels` buckets of `step` from `base` on, one below and one above them. */
export interface LquantizeScale {
  readonly kind: 'lquantize';
  readonly base: number;
  readonly step: number;
  readonly levels: number;
}

/** For each magnitude from `low` to `high`, factor^m to factor^(m+1), `steps` buckets of one size. */
export interface LlquantizeScale {
  readonly kind: 'llquantize';
  readonly factor: number;
  readonly low: number;
  readonly high: number;
  readonly steps: number;
}

export type HistogramScale = QuantizeScale | LquantizeScale | LlquantizeScale;

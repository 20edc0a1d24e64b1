// What an expression throws when it cannot go on: the clause ends for that event, as in DTrace.

/** DTrace's numbers of faults: `arg4` in an ERROR clause. */
export const BAD_ADDRESS = 1;
export const DIVISION_BY_ZERO = 4;
export const NO_SCRATCH = 5;

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly number: number;

  constructor(message: string, number: number) {
    super(message);
    this.number = number;
  }
}

/** One for all, so that throwing it allocates nothing. */
export const divisionByZero = new Fault('division by zero', DIVISION_BY_ZERO);

/** A string or a header that is NULL is shown or computed with. */
export const invalidAddress = new Fault('invalid address (0x0)', BAD_ADDRESS);

/** A pointer leads to where alloca() has given nothing. */
export const unallocatedAddress = new Fault('invalid address', BAD_ADDRESS);

export const outOfScratch = new Fault('out of scratch space', NO_SCRATCH);

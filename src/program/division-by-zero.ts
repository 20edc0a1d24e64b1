// What an expression throws when it divides by zero: the clause ends for that event.

export class DivisionByZero extends Error {
  override readonly name = 'DivisionByZero';
}

/** One for all, so that throwing it allocates nothing. */
export const divisionByZero = new DivisionByZero('division by zero');

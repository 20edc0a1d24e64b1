// Strings as keys: each is numbered, for all tables alike, and its number stands in their rows. A number whose string
// stands in no row any more is given to another one: whatever comes and goes, no more is kept than what is there.

/** A table that has numbers of strings in its rows. */
export interface StringOwner {
  visitStrings(visit: (number: number) => void): void;
}

/** Strings are looked through when there are twice as many as were in use, and at least so many. */
const LEAST_STRINGS = 4096;

/** By number; undefined: the number is free. */
const texts: (string | undefined)[] = [];
const numbers = new Map<string, number>();
const free: number[] = [];
let limit = LEAST_STRINGS;
let sweeps = 0;
/** Tables that are garbage own nothing. */
const owners = new Set<WeakRef<StringOwner>>();
let ownersLimit = 64;

/** The number of a string; it lasts until the next sweepStrings(), or as long as a row has it. */
export function internString(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  const number = free.pop() ?? texts.length;
  texts[number] = text;
  numbers.set(text, number);
  return number;
}

export function findInterned(number: number): string {
  return texts[number] as string;
}

export function addStringOwner(owner: StringOwner): void {
  owners.add(new WeakRef(owner));
  if (owners.size <= ownersLimit) return;
  visitOwners(() => {});
  ownersLimit = Math.max(64, 2 * owners.size);
}

/** How many strings there are. */
export function countInterned(): number {
  return numbers.size;
}

/** How often numbers have been freed: one that was found before may be another string's now. */
export function countSweeps(): number {
  return sweeps;
}

/** Called where no number is in use but those in rows. */
export function sweepStrings(): void {
  if (numbers.size < limit) return;
  sweeps++;
  const isUsed = new Uint8Array(texts.length);
  visitOwners((owner) =>
    owner.visitStrings((number) => {
      isUsed[number] = 1;
    }),
  );
  for (const [text, number] of numbers) {
    if (isUsed[number] === 1) continue;
    numbers.delete(text);
    texts[number] = undefined;
    free.push(number);
  }
  limit = Math.max(LEAST_STRINGS, 2 * numbers.size);
}

function visitOwners(visit: (owner: StringOwner) => void): void {
  for (const reference of owners) {
    const owner = reference.deref();
    if (owner === undefined) owners.delete(reference);
    else visit(owner);
  }
}

// DTrace's patterns in probe descriptions: `*`, `?`, and `[a-z]` or `[!a-z]`.

/** The end of the set that opens at `at`, behind its `]`; undefined if nothing closes it. */
function findSetEnd(pattern: string, at: number): number | undefined {
  const first = at + (pattern[at + 1] === '!' ? 2 : 1);
  // A `]` in the first place stands for itself.
  const close = pattern.indexOf(']', first + 1);
  return close === -1 ? undefined : close + 1;
}

function matchesSet(set: string, character: string): boolean {
  const negated = set[0] === '!';
  const members = negated ? set.slice(1) : set;
  let found = false;
  for (let at = 0; at < members.length; at++) {
    const low = members[at] as string;
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    const high = isRange ? (members[at + 2] as string) : low;
    if (isRange) at += 2;
    if (low <= character && character <= high) found = true;
  }
  return found !== negated;
}

/** The pattern's element at `at`: where it ends and whether it takes `character`. */
function matchElement(pattern: string, at: number, character: string): { end: number; taken: boolean } {
  const element = pattern[at];
  const setEnd = element === '[' ? findSetEnd(pattern, at) : undefined;
  if (setEnd !== undefined)
    return { end: setEnd, taken: matchesSet(pattern.slice(at + 1, setEnd - 1), character) };
  return { end: at + 1, taken: element === '?' || element === character };
}

/**
 * Whether `pattern` matches all of `text`. On a mismatch only the last `*` takes one character more,
 * so that the time is bounded by the product of the two lengths.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let taken = 0;
  while (next < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      taken = next;
      continue;
    }
    const element = at < pattern.length ? matchElement(pattern, at, text[next] as string) : undefined;
    if (element?.taken) {
      at = element.end;
      next++;
    } else if (star !== -1) {
      at = star + 1;
      next = ++taken;
    } else {
      return false;
    }
  }
  return !/[^*]/.test(pattern.slice(at));
}

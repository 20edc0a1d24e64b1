// The verdict on one program: it passes, unless it is listed as different; then it has to fail.
import { expect } from 'vitest';
import { differences } from '../differences.js';

/** Why a program differs, by its name. */
export const reasons: ReadonlyMap<string, string> = new Map(
  differences.flatMap(({ reason, programs }) => programs.map((name) => [name, reason])),
);

/** @param check throws if the program does not do as DTrace does */
export async function judge(name: string, check: () => Promise<void>): Promise<void> {
  const reason = reasons.get(name);
  if (reason === undefined) return check();
  const passes = await check().then(
    () => true,
    () => false,
  );
  expect(passes, `passes, but is listed as different: ${reason}`).toBe(false);
}

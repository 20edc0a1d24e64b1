// Programs of DTrace's suite that icmpprobe does not treat as DTrace does, and why. A program that is not
// listed has to pass; one that is listed has to differ.
export const differences: readonly { reason: string; programs: readonly string[] }[] = [];

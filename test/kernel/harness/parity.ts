// Compares what icmpprobe saw with what the kernel counted, cell by cell, and keeps the table of it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { addCount, type Counts, subtractCounts } from './counts.js';
import { type Judgement, type KnownMiscount, knownMiscounts } from './known-miscounts.js';
import { trace } from './probe.js';
import { type Hosts, settleCounters } from './snmp.js';

export interface Scenario<H extends Hosts = Hosts> {
  readonly name: string;
  readonly tools?: readonly string[];
  /** Makes the messages; resolves when the last has been sent. */
  run(hosts: H): Promise<unknown>;
  /** Cells that cannot stay at zero, or the scenario has not done what it says. */
  readonly touches: readonly string[];
  /** Cells that have to stay at zero. */
  readonly silent?: readonly string[];
  readonly judgements?: readonly Judgement[];
  /** Counters beside SNMP's that judgements name, as they stand. */
  observe?(hosts: H): Promise<Counts>;
  /** Makes the hosts as they were, also when the scenario has failed. */
  restore?(hosts: H): Promise<unknown>;
}

export interface ComparedCell {
  readonly cell: string;
  readonly kernel: number;
  readonly probe: number;
  readonly judge: string;
  readonly miscount: KnownMiscount | undefined;
}

/** Runs a scenario under icmpprobe. @returns every cell that the kernel, icmpprobe or the scenario knows of */
export async function measure<H extends Hosts>(hosts: H, scenario: Scenario<H>): Promise<ComparedCell[]> {
  try {
    return await observeScenario(hosts, scenario);
  } finally {
    await scenario.restore?.(hosts);
  }
}

async function observeScenario<H extends Hosts>(hosts: H, scenario: Scenario<H>): Promise<ComparedCell[]> {
  const observe = async () =>
    new Map([...(await settleCounters(hosts)), ...((await scenario.observe?.(hosts)) ?? [])]);
  const idle = await observe();
  let before: Counts = new Map();
  let after: Counts = new Map();
  const run = await trace({}, async () => {
    before = await observe();
    await scenario.run(hosts);
    after = await observe();
  });
  refuseDrift('icmpprobe started', idle, before);
  refuseDrift('icmpprobe stopped', after, await observe());
  return compare(scenario, subtractCounts(after, before), run.countsOf(hosts));
}

/** Nothing may move while it is not certain that icmpprobe looks. */
function refuseDrift(moment: string, before: Counts, after: Counts): void {
  const drift = subtractCounts(after, before);
  if (drift.size > 0) throw new Error(`counters moved while ${moment}: ${JSON.stringify([...drift])}`);
}

function compare(scenario: Scenario<never>, kernel: Counts, probe: Counts): ComparedCell[] {
  const judgements = new Map(scenario.judgements?.map((judgement) => [judgement.cell, judgement] as const));
  const cells = new Set([...kernel.keys(), ...probe.keys(), ...scenario.touches, ...judgements.keys()]);
  const compared: ComparedCell[] = [];
  for (const cell of [...cells].sort()) {
    // A rule's counter only judges.
    if (!isMessageCell(cell)) continue;
    const judgement = judgements.get(cell);
    const judges = judgement?.judges ?? [cell];
    compared.push({
      cell,
      kernel: judges.map((name) => kernel.get(name) ?? 0).reduce((sum, count) => sum + count, 0),
      probe: probe.get(cell) ?? 0,
      judge: judgement === undefined ? 'SNMP' : judges.join(' + '),
      miscount: judgement?.miscount,
    });
  }
  return compared;
}

function isMessageCell(cell: string): boolean {
  return /^\w+ (send|receive) v[46] (\d+|bad|all)$/.test(cell);
}

/** Every cell agrees, and the traffic was what the scenario says. */
export function expectParity(cells: readonly ComparedCell[], scenario: Scenario<never>): void {
  const kernel = Object.fromEntries(cells.map((cell) => [cell.cell, cell.kernel]));
  const probe = Object.fromEntries(cells.map((cell) => [cell.cell, cell.probe]));
  expect(probe, 'icmpprobe has what the judge has').toEqual(kernel);
  const untouched = scenario.touches.filter((cell) => !((kernel[cell] ?? 0) > 0));
  expect(untouched, 'cells that the scenario has to touch').toEqual([]);
  const loud = scenario.silent?.filter((cell) => (kernel[cell] ?? 0) !== 0) ?? [];
  expect(loud, 'cells that have to stay at zero').toEqual([]);
}

/** The sums over all scenarios, for people to read. */
export class ParityTable {
  readonly #kernel: Counts = new Map();
  readonly #probe: Counts = new Map();

  add(cells: readonly ComparedCell[]): void {
    for (const { cell, kernel, probe, judge, miscount } of cells) {
      const [, direction, version, type] = cell.split(' ');
      const judgedBy =
        miscount === undefined ? judge : `${judge.replaceAll(/\w+ (?=send|receive)/g, '')}: ${miscount}`;
      const row = [version, direction, type, judgedBy].join(' | ');
      addCount(this.#kernel, row, kernel);
      addCount(this.#probe, row, probe);
    }
  }

  /** Writes build/parity.md. @returns its text */
  write(): string {
    const rows = [...new Set([...this.#kernel.keys(), ...this.#probe.keys()])].sort(
      new Intl.Collator('en', { numeric: true }).compare,
    );
    const lines = rows.map((row) => {
      const [version, direction, type, judge] = row.split(' | ');
      const counts = `${this.#kernel.get(row) ?? 0} | ${this.#probe.get(row) ?? 0}`;
      return `| ${version} | ${direction} | ${type} | ${counts} | ${judge} |`;
    });
    const reasons = Object.entries(knownMiscounts).map(([name, reason]) => `- ${name}: ${reason}`);
    const head = '| version | direction | type | kernel | icmpprobe | judge |\n|---|---|---|---|---|---|';
    const text = `${head}\n${lines.join('\n')}\n\n${reasons.join('\n')}\n`;
    const folder = fileURLToPath(new URL('../../../build/', import.meta.url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/parity.md`, text);
    return text;
  }
}

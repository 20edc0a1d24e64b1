// Compares what icmpprobe saw with what the kernel counted, cell by cell, and keeps the table of it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { BackendChoice } from '../../../src/source/backends.js';
import { readCapabilities } from '../../deploy/harness/deploy-files.js';
import { backends } from './backends.js';
import { addCount, type Counts, subtractCounts } from './counts.js';
import { type Judgement, type KnownMiscount, knownMiscounts } from './known-miscounts.js';
import { limitRoot } from './privileges.js';
import { type EventLine, Probe } from './probe.js';
import { type Hosts, type Standing, settle } from './snmp.js';

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

/** What it needs is what its unit has, and no more. */
const runners: Partial<Record<BackendChoice, readonly string[]>> = {
  fentry: limitRoot(readCapabilities('icmpprobe-agent.service.d/function.conf', 'CapabilityBoundingSet')),
};

export interface Measurement {
  readonly backend: string;
  readonly cells: readonly ComparedCell[];
  readonly losses: Counts;
  /** Of these hosts, in the order in which they came. */
  readonly events: readonly EventLine[];
}

export interface ComparedCell {
  readonly cell: string;
  readonly kernel: number;
  readonly probe: number;
  readonly judge: string;
  readonly miscount: KnownMiscount | undefined;
}

/** icmpprobe by one backend, for all scenarios of a file: what it has seen is told apart by before and after. */
export class Tracers {
  /** What each backend has seen since the scenario began. */
  readonly #events: readonly EventLine[][] = backends.map(() => []);
  readonly #probes: readonly Probe[] = backends.map(
    (backend, index) =>
      new Probe({
        backend,
        runner: runners[backend] ?? [],
        onEvent: (event) => this.#events[index]?.push(event),
      }),
  );

  /** How all stood after the last scenario, unless something was done since. */
  #standing: Standing | undefined;

  static async start(): Promise<Tracers> {
    const tracers = new Tracers();
    try {
      await Promise.all(tracers.#probes.map((probe) => probe.ready()));
    } catch (error) {
      await tracers.stop();
      throw error;
    }
    return tracers;
  }

  /** Runs a scenario. @returns per backend every cell that the kernel, icmpprobe or the scenario knows of */
  async measure<H extends Hosts>(hosts: H, scenario: Scenario<H>): Promise<Measurement[]> {
    try {
      const before = await this.#observe(hosts, scenario, this.#standing);
      for (const events of this.#events) events.length = 0;
      await scenario.run(hosts);
      const after = await this.#observe(hosts, scenario);
      const kernel = subtractCounts(after.kernel, before.kernel);
      const inodes = new Set(Object.values(hosts).map(({ inode }) => String(inode)));
      return backends.map((backend, index) => ({
        backend,
        cells: compare(
          scenario,
          kernel,
          subtractCounts(after.probes[index] as Counts, before.probes[index] as Counts),
        ),
        losses: subtractCounts(after.losses[index] as Counts, before.losses[index] as Counts),
        events: (this.#events[index] as EventLine[]).filter(({ csinfo }) => inodes.has(csinfo.cs_zoneid)),
      }));
    } finally {
      if (scenario.restore !== undefined) {
        this.#standing = undefined;
        await scenario.restore(hosts);
      }
    }
  }

  pidOf(backend: BackendChoice): number {
    return this.#probeOf(backend).child.pid ?? 0;
  }

  /** Ends one without a chance to clean up. */
  async kill(backend: BackendChoice): Promise<void> {
    await this.#probeOf(backend).kill();
  }

  async stop(): Promise<void> {
    for (const probe of this.#probes) await probe.kill();
  }

  #probeOf(backend: BackendChoice): Probe {
    return this.#probes[backends.indexOf(backend)] as Probe;
  }

  /** All that counts, once neither the kernel nor icmpprobe moves any more. */
  async #observe<H extends Hosts>(hosts: H, scenario: Scenario<H>, known?: Standing) {
    const countLines = () => this.#probes.reduce((sum, { run }) => sum + run.lines, 0);
    const { counts, ...standing } = await settle(hosts, countLines, known);
    this.#standing = standing;
    return {
      kernel: new Map([...counts, ...((await scenario.observe?.(hosts)) ?? [])]),
      probes: this.#probes.map(({ run }) => run.countsOf(hosts)),
      losses: this.#probes.map(({ run }) => new Map(run.losses)),
    };
  }
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

/** Every cell of every backend agrees, and the traffic was what the scenario says. */
export function expectParity(measurements: readonly Measurement[], scenario: Scenario<never>): void {
  for (const measurement of measurements) expectCells(measurement, scenario);
}

function expectCells({ backend, cells, losses }: Measurement, scenario: Scenario<never>): void {
  const kernel = Object.fromEntries(cells.map((cell) => [cell.cell, cell.kernel]));
  const probe = Object.fromEntries(cells.map((cell) => [cell.cell, cell.probe]));
  expect(probe, `${backend} has what the judge has`).toEqual(kernel);
  expect(Object.fromEntries(losses), `${backend} loses nothing`).toEqual({});
  const untouched = scenario.touches.filter((cell) => !((kernel[cell] ?? 0) > 0));
  expect(untouched, 'cells that the scenario has to touch').toEqual([]);
  const loud = scenario.silent?.filter((cell) => (kernel[cell] ?? 0) !== 0) ?? [];
  expect(loud, 'cells that have to stay at zero').toEqual([]);
}

/** The sums over all scenarios by backend, for people to read. */
export class ParityTable {
  readonly #sums = new Map<string, { readonly kernel: Counts; readonly probe: Counts }>();

  add(measurements: readonly Measurement[]): void {
    for (const { backend, cells } of measurements) {
      const sums = this.#sums.get(backend) ?? { kernel: new Map(), probe: new Map() };
      this.#sums.set(backend, sums);
      for (const { cell, kernel, probe, judge, miscount } of cells) {
        const [, direction, version, type] = cell.split(' ');
        const judgedBy =
          miscount === undefined ? judge : `${judge.replaceAll(/\w+ (?=send|receive)/g, '')}: ${miscount}`;
        const row = [version, direction, type, judgedBy].join(' | ');
        addCount(sums.kernel, row, kernel);
        addCount(sums.probe, row, probe);
      }
    }
  }

  /** Writes build/parity.md. @returns its text */
  write(): string {
    const reasons = Object.entries(knownMiscounts).map(([name, reason]) => `- ${name}: ${reason}`);
    const tables = [...this.#sums.keys()].map((backend) => this.#formatTable(backend));
    const text = `${tables.join('\n')}\n${reasons.join('\n')}\n`;
    const folder = fileURLToPath(new URL('../../../build/', import.meta.url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/parity.md`, text);
    return text;
  }

  #formatTable(backend: string): string {
    const { kernel, probe } = this.#sums.get(backend) ?? { kernel: new Map(), probe: new Map() };
    const rows = [...new Set([...kernel.keys(), ...probe.keys()])].sort(
      new Intl.Collator('en', { numeric: true }).compare,
    );
    const exact = rows.filter((row) => kernel.get(row) === probe.get(row)).length;
    const lines = rows.map((row) => {
      const [version, direction, type, judge] = row.split(' | ');
      const counts = `${kernel.get(row) ?? 0} | ${probe.get(row) ?? 0}`;
      return `| ${version} | ${direction} | ${type} | ${counts} | ${judge} |`;
    });
    return [
      `kernel ${release()}, backend ${backend}: ${exact} of ${rows.length} rows exact`,
      '',
      '| version | direction | type | kernel | icmpprobe | judge |',
      '|---|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n');
  }
}

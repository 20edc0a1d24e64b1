// What a file gives when it is replayed: its records, each as bytes of its own, and how it ended.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CgroupTable, type FindPath } from '../../src/event/cgroup-table.js';
import { RecordView } from '../../src/event/record-view.js';
import { RecordingWriter } from '../../src/sink/recording.js';
import { RecordingReader } from '../../src/source/recording.js';
import { ReplaySource } from '../../src/source/replay.js';
import type { OnBatch } from '../../src/source/source.js';

export interface Replayed {
  readonly records: readonly Buffer[];
  /** What was wrong with the file. */
  readonly error: Error | undefined;
}

/** Splits batches into records. */
function collect(records: Buffer[]): OnBatch {
  return (view, end) => {
    while (view.base < end) {
      const start = view.base;
      view.advance();
      records.push(Buffer.from(view.u8.slice(start, view.base)));
    }
  };
}

/** Of a file, whatever it is. */
export function replayFile(file: string, local?: Uint8Array): Promise<Replayed> {
  return new Promise((resolve, reject) => {
    const records: Buffer[] = [];
    const source = new ReplaySource({ path: file, local });
    source.start(collect(records), reject, (error) => {
      source.close();
      resolve({ records, error });
    });
  });
}

/** The same of bytes. */
export async function replayBytes(bytes: Uint8Array, local?: Uint8Array): Promise<Replayed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  try {
    const file = path.join(folder, 'file');
    writeFileSync(file, bytes);
    return await replayFile(file, local);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of a recording that comes in chunks. */
export function replayRecording(...chunks: readonly Uint8Array[]): Replayed {
  const records: Buffer[] = [];
  const reader = new RecordingReader(new RecordView(new ArrayBuffer(1 << 17)));
  try {
    for (const chunk of chunks) reader.take(chunk, collect(records));
    reader.end();
    return { records, error: undefined };
  } catch (error) {
    return { records, error: error as Error };
  }
}

/** A recording of records: its header, then one message each. */
export function record(records: readonly Buffer[], findPath?: FindPath): Buffer[] {
  const parts: Buffer[] = [];
  const writer = new RecordingWriter({ write: (chunk) => parts.push(Buffer.from(chunk as Uint8Array)) });
  const cgroups = new CgroupTable(findPath);
  for (const bytes of records) writer.event(viewRecord(bytes, cgroups));
  return parts;
}

export function viewRecord(bytes: Buffer, cgroups?: CgroupTable): RecordView {
  return new RecordView(new Uint8Array(bytes).buffer, cgroups);
}

/** The captures that come with the project, or none. */
export function findCorpus(): readonly string[] {
  const folder = path.resolve(
    process.env.ICMPPROBE_CORPUS ?? path.join(import.meta.dirname, '../../../shared/corpus'),
  );
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.pcap(ng)?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

// All clients of /events, in groups of the same program.
import { randomUUID } from 'node:crypto';
import type { RecordView } from '../../event/record-view.js';
import { escapeText } from '../../event/text.js';
import { formatDiagnostics, ProgramError } from '../../program/diagnostics.js';
import { readVersion } from '../../run/version.js';
import { explainFormat } from '../../sink/event-format.js';
import type { Source } from '../../source/source.js';
import { chooseMediaType } from '../http/accept.js';
import type { Exchange } from '../http/http-server.js';
import { HttpError, respond, setHeaders } from '../http/respond.js';
import { Backlog } from './backlog.js';
import { type EventStream, type StreamLossReason, streamLossReasons } from './event-stream.js';
import { prepareFormats, streamFormats, streamMediaTypes } from './stream-format.js';
import { type Slice, StreamGroup, type StreamRequest } from './stream-group.js';
import { compileStreamProgram, StreamProgramError } from './stream-program.js';
import { TimeShares } from './time-share.js';

const MAX_STREAMS = 64;
/** Of a batch, one group after the other works on so much. */
const SLICE_BYTES = 1 << 16;
/** With more of the ring taken it fills faster than it is drained, and time is short. */
const SHORT_FILL = 1 / 16;
/** With more of it taken nobody has what others do not need. */
const LEAST_FILL = 1 / 4;
/** Up to here clients get less and less, and then nothing: it is the agent's own records that would be lost next. */
const NONE_FILL = 1 / 2;
/** So long after a turn has begun it is short as well: scrapes wait for it. */
const TURN_NS = 100_000_000n;
const REPORT_INTERVAL_MS = 1000;
/** Every so many reports. */
const REPORTS_PER_BEAT = 15;
/** Every event, as a line. */
const ALL = 'send,receive';

export class StreamHub {
  readonly #source: Source;
  readonly #groups = new Set<StreamGroup>();
  readonly #streams = new Map<string, { readonly group: StreamGroup; readonly stream: EventStream }>();
  readonly #lost = new Map<StreamLossReason, number>(
    Object.values(streamLossReasons).map((reason) => [reason, 0]),
  );
  readonly #shares = new TimeShares(performance.now());
  readonly #backlog: Backlog;
  readonly #timer: NodeJS.Timeout;
  #reports = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#backlog = new Backlog(source.ringBytes);
    prepareFormats();
    this.#timer = setInterval(() => this.#report(), REPORT_INTERVAL_MS);
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Events that clients did not get, by reason, from the start. */
  get lost(): ReadonlyMap<StreamLossReason, number> {
    return this.#lost;
  }

  /** Works on the records from byte 0 up to `end`. */
  take(view: RecordView, end: number): void {
    if (this.#streams.size === 0) return;
    const turnNs = process.hrtime.bigint();
    this.#backlog.measure(view, end);
    const fill = this.#backlog.estimate(view, 0, turnNs);
    this.#shares.refill(performance.now(), Math.max(0, 1 - fill / NONE_FILL));
    for (let start = 0; start < end; ) {
      const time = this.#findTime(view, start, turnNs);
      const slice = findSlice(view, start, Math.min(start + SLICE_BYTES, end), time);
      for (const group of this.#groups) group.take(view, slice);
      start = slice.end;
    }
    for (const group of this.#groups) group.flush();
  }

  /** @throws HttpError */
  answer({ request, response, query }: Exchange): void {
    const mediaType = chooseMediaType(request, streamMediaTypes);
    const wanted = { text: readProgram(query), format: streamFormats[mediaType] };
    const findGroup = this.#prepareGroup(wanted);
    if (this.#streams.size >= MAX_STREAMS) throw new HttpError(429, `${MAX_STREAMS} streams, and no more`);
    const id = randomUUID();
    setHeaders(response, {
      'Content-Type': mediaType,
      'X-Accel-Buffering': 'no',
      'Icmpprobe-Stream': id,
      'Icmpprobe-Version': readVersion(),
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    request.socket.setKeepAlive(true, REPORTS_PER_BEAT * REPORT_INTERVAL_MS);
    request.socket.setNoDelay(true);
    response.flushHeaders();
    const group = findGroup();
    const stream = group.join({
      response,
      losses: this.#source.losses(),
      onLoss: (reason, count) => this.#lost.set(reason, (this.#lost.get(reason) ?? 0) + count),
    });
    this.#streams.set(id, { group, stream });
    response.once('close', () => {
      this.#streams.delete(id);
      group.leave(stream);
    });
  }

  /** Ends a stream with all that was seen up to now, so that its client knows that it has all. @throws HttpError */
  end({ response, query }: Exchange): void {
    const id = query.get('stream') ?? '';
    const member = this.#streams.get(id);
    if (member === undefined) throw new HttpError(404, 'no such stream');
    this.#source.drain();
    this.#streams.delete(id);
    member.group.end(member.stream, this.#source.losses());
    respond(response, 200, 'ended\n');
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#timer);
    const losses = this.#source.losses();
    for (const group of this.#groups) group.close(losses);
  }

  /**
   * The group that a client is to join, or how to make it.
   * @throws HttpError 400 with what is wrong
   */
  #prepareGroup(wanted: StreamRequest): () => StreamGroup {
    for (const group of this.#groups) if (group.accepts(wanted)) return () => group;
    const program = this.#compile(wanted.text);
    const mismatch = explainFormat(wanted.format.sink, program);
    if (mismatch !== undefined) throw new HttpError(400, `icmpprobe: error: ${mismatch}`);
    return () => {
      const onEmpty = () => this.#groups.delete(group);
      const group = new StreamGroup({ ...wanted, program, shares: this.#shares, onEmpty });
      this.#groups.add(group);
      return group;
    };
  }

  /** @throws HttpError 400 with what is wrong */
  #compile(text: string) {
    try {
      return compileStreamProgram(text, this.#source.hooks);
    } catch (error) {
      if (error instanceof ProgramError) throw new HttpError(400, formatDiagnostics(error).trimEnd());
      if (error instanceof StreamProgramError) throw new HttpError(400, `icmpprobe: error: ${error.message}`);
      throw error;
    }
  }

  /** For the records from `start` on, in a turn that has begun at `turnNs`. */
  #findTime(view: RecordView, start: number, turnNs: bigint): Slice['time'] {
    const nowNs = process.hrtime.bigint();
    const fill = this.#backlog.estimate(view, start, nowNs);
    if (fill > LEAST_FILL) return 'least';
    return fill > SHORT_FILL || nowNs - turnNs > TURN_NS ? 'short' : 'enough';
  }

  #report(): void {
    this.#reports++;
    if (this.#streams.size === 0) return;
    const losses = this.#source.losses();
    for (const group of this.#groups) {
      group.report(losses);
      if (this.#reports % REPORTS_PER_BEAT === 0) group.beat();
    }
  }
}

/** @throws HttpError */
function readProgram(query: URLSearchParams): string {
  const other = [...query.keys()].find((name) => name !== 'program');
  if (other !== undefined) {
    throw new HttpError(400, `unknown parameter '${escapeText(other)}': expected ?program=PROGRAM`);
  }
  const [program = ALL, ...more] = query.getAll('program');
  if (more.length > 0) throw new HttpError(400, 'expected one program, which may have several clauses');
  return program;
}

/** From the record at `start` up to the first that begins at `limit` or behind it. */
function findSlice(view: RecordView, start: number, limit: number, time: Slice['time']): Slice {
  let records = 0;
  for (view.base = start; view.base < limit; view.advance()) records++;
  return { start, end: view.base, records, time };
}

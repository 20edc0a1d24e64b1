// Statements as what a run executes (compiled.ts).
import { headerBytes } from '../../event/header-fields.js';
import { viewHeader } from '../../event/message.js';
import type { RecordView } from '../../event/record-view.js';
import { decodeBytes, encodeBytes } from '../../event/text.js';
import type {
  AggregatingFunction,
  AggregationSpec,
  Computed,
  Measure,
  Output,
  Statement,
} from '../compiled.js';
import { invalidAddress } from '../fault.js';
import { rangeOf64Bits } from '../integer-type.js';
import { type FormatPart, parseFormat } from '../printf-format.js';
import type { AggregateStatement, Statement as StatementSyntax } from '../program-syntax.js';
import type { AggregationSymbol, Symbols } from '../symbols.js';
import type { AggregationNode, CallNode, Expression, StringNode } from '../syntax.js';
import { compileCondition } from './condition.js';
import { compileBigint, compileNumber, type Read } from './integer.js';
import { type CompiledColumn, compileColumn } from './key.js';
import { compilePresentText, compileText } from './text.js';
import { compileScalar, compileValue } from './value.js';

interface CompiledAggregation {
  readonly spec: AggregationSpec;
  readonly columns: readonly CompiledColumn[];
}

export class StatementCompiler {
  readonly #symbols: Symbols;
  readonly #aggregations = new Map<AggregationSymbol, CompiledAggregation>();

  constructor(symbols: Symbols) {
    this.#symbols = symbols;
  }

  /** All that statements add to, in the order in which they were compiled. */
  getAggregations(): AggregationSpec[] {
    return [...this.#aggregations.values()].map(({ spec }) => spec);
  }

  compile(statement: StatementSyntax): Statement {
    switch (statement.kind) {
      case 'aggregate':
        return this.#compileAggregate(statement);
      case 'print':
        return statement.values.length === 0
          ? { kind: 'event' }
          : { kind: 'print', values: statement.values.map(compileValue) };
      case 'event':
        return statement;
      case 'expression':
        return this.#compileExpression(statement.expression);
    }
  }

  /** Makes the aggregation known that a statement adds to. */
  declare(symbol: AggregationSymbol): CompiledAggregation {
    const known = this.#aggregations.get(symbol);
    if (known !== undefined) return known;
    const columns = symbol.columns.map(compileColumn);
    const { name, function: fn, scale, top } = symbol;
    const spec = { name, function: fn as AggregatingFunction, keys: columns, scale, top };
    const compiled = { spec, columns };
    this.#aggregations.set(symbol, compiled);
    return compiled;
  }

  #compileAggregate({ symbol, target, arguments: values, function: fn }: AggregateStatement): Statement {
    const { spec, columns } = this.declare(symbol as AggregationSymbol);
    const keys = target.keys.map(({ expression }, index) =>
      (columns[index] as CompiledColumn).encode(expression),
    );
    const [value] = values;
    const weight = fn.endsWith('quantize') ? values[weightIndex[fn] as number] : undefined;
    return {
      kind: 'aggregate',
      aggregation: spec,
      keys,
      value: value && compileScalar(value),
      weight: weight && compileScalar(weight),
      measure: value && findMeasure(value),
    };
  }

  #compileExpression(node: Expression): Statement {
    const output = node.kind === 'call' ? this.#compileAction(node) : undefined;
    return output ?? { kind: 'evaluate', run: compileRun(node) };
  }

  #find(node: Expression | undefined): AggregationSpec {
    const symbol = this.#symbols.aggregations.get((node as AggregationNode).name) as AggregationSymbol;
    return this.declare(symbol).spec;
  }

  /** Undefined: a function, which is called for what it does. */
  #compileAction(node: CallNode): Output | undefined {
    const { name, arguments: values } = node;
    const [first, second, third] = values as [Expression, Expression | undefined, Expression | undefined];
    switch (name) {
      case 'trace':
        return { kind: 'trace', value: compileUnnamed(first) };
      case 'tracemem':
        return { kind: 'tracemem', read: compileMemory(first, second as Expression, third) };
      case 'printf':
        return { kind: 'printf', format: readFormat(first), values: values.slice(1).map(compileUnnamed) };
      case 'printa':
        return this.#compilePrinta(values);
      case 'clear':
      case 'denormalize':
        return { kind: name, aggregation: this.#find(first) };
      case 'trunc':
      case 'normalize': {
        const amount = second === undefined ? () => 0n : compileBigint(second, true);
        return { kind: name, aggregation: this.#find(first), amount };
      }
      case 'exit':
        return { kind: 'exit', status: compileBigint(first, true) };
      case 'setopt':
        return { kind: 'setopt', name: compileUnnamed(first), value: second && compileUnnamed(second) };
      default:
        return showsItself(node) ? { kind: 'trace', value: compileUnnamed(node) } : undefined;
    }
  }

  #compilePrinta(values: readonly Expression[]): Output {
    const hasFormat = values[0]?.kind === 'string';
    const named = hasFormat ? values.slice(1) : values;
    return {
      kind: 'printa',
      format: hasFormat ? readFormat(values[0]) : undefined,
      aggregations: named.map((node) => this.#find(node)),
    };
  }
}

/** D's actions that are values as well. */
function showsItself({ type }: CallNode): boolean {
  return type.kind === 'stack' || type.kind === 'symbol';
}

/** What is aggregated counts as signed: what an unsigned computation may wrap to is below 0. No field is that large. */
function findMeasure(node: Expression): Measure {
  const field = node.kind === 'field' ? node.field : undefined;
  const { low, high } = node.range ?? rangeOf64Bits(true);
  const mayWrap = field === undefined && high > rangeOf64Bits(true).high;
  return { field, mayBeNegative: low < 0n || mayWrap };
}

/** Where a histogram's weight stands among the arguments. */
const weightIndex: Readonly<Record<string, number>> = { quantize: 1, lquantize: 4, llquantize: 5 };

function readFormat(node: Expression | undefined): FormatPart[] {
  return parseFormat(decodeBytes((node as StringNode).bytes)) as FormatPart[];
}

function compileUnnamed(expression: Expression): Computed {
  return compileValue({ name: '', expression });
}

/** An expression for what it does. */
function compileRun(node: Expression): (record: RecordView) => void {
  if (node.kind === 'cast' && node.type.kind === 'void') return compileRun(node.operand);
  return node.type.kind === 'integer' ? compileCondition(node) : compileText(node);
}

/** The bytes of a header or string that tracemem() shows: a copy, as the record's do not last. */
function compileMemory(
  address: Expression,
  size: Expression,
  shown: Expression | undefined,
): Read<Uint8Array> {
  const most = compileNumber(size);
  const readShown = shown && compileBigint(shown, true);
  const read = compileBytes(address);
  return (record) => {
    const limit = most(record);
    const wanted = Number(readShown?.(record) ?? limit);
    return read(record, wanted < 0 ? limit : Math.min(wanted, limit)).slice();
  };
}

function compileBytes(node: Expression): (record: RecordView, size: number) => Uint8Array {
  if (node.kind === 'field' && headerBytes(node.field) !== undefined) {
    const { field } = node;
    return (record, size) => {
      const header = viewHeader(record, field, size);
      if (header === undefined) throw invalidAddress;
      return header;
    };
  }
  const text = compilePresentText(node);
  return (record, size) => {
    const bytes = Buffer.alloc(size);
    encodeBytes(text(record)).copy(bytes);
    return bytes;
  };
}

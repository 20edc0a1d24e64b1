// Variables as closures. A scalar is a slot; an associative array and `self->` are a table of rows by their keys,
// those of `self->` with the thread of the record in front. A row whose value becomes 0 is freed, as in DTrace.
import { KeyTable, NO_ROW } from '../../aggregation/key-table.js';
import { offsets } from '../../event/offsets.gen.js';
import type { RecordView } from '../../event/record-view.js';
import type { KeyEncoder } from '../compiled.js';
import { divisionByZero } from '../fault.js';
import { computeArithmetic, convert, findCommonType, wrap } from '../integer-type.js';
import { isExactNumber } from '../passes/lower.js';
import type { Variable } from '../symbols.js';
import {
  type ArithmeticOperator,
  type AssignmentNode,
  type Expression,
  type IntegerType,
  someNode,
  type Type,
  type UnaryNode,
  type UpdateNode,
  type VariableNode,
} from '../syntax.js';
import { findScratch } from './builtin.js';
import { compileBigint, compileNumber, createNarrowing, type Read } from './integer.js';
import { encodeKey, findKeyColumn } from './key.js';
import { compileText, type Text } from './text.js';

/** A number for integers of at most 4 bytes, a bigint for those of 8, or a string. */
type Slot = number | bigint | Text;

/** Row 0 of a scalar is its only one. */
interface Store {
  find(record: RecordView, keys: readonly KeyEncoder[]): number;
  make(record: RecordView, keys: readonly KeyEncoder[]): number;
  get(row: number): Slot;
  set(row: number, value: Slot): void;
  /** Values that found no room. */
  readonly drops: bigint;
}

function findZero(type: Type): Slot {
  if (type.kind !== 'integer') return null;
  return type.bytes === 8 ? 0n : 0;
}

class ScalarStore implements Store {
  readonly drops = 0n;
  readonly #zero: Slot;
  #value: Slot;

  constructor({ type }: Variable) {
    this.#zero = type.kind === 'integer' ? findZero(type) : '';
    this.#value = this.#zero;
  }

  find(): number {
    return 0;
  }

  make(): number {
    return 0;
  }

  get(): Slot {
    return this.#value;
  }

  set(_row: number, value: Slot): void {
    this.#value = value;
  }

  forget(): void {
    this.#value = this.#zero;
  }
}

/** What a pointer leads to: a row is a place in the memory. */
class MemoryStore implements Store {
  readonly drops = 0n;
  readonly #scratch = findScratch();
  readonly #type: IntegerType;
  readonly #address: Read<bigint>;

  constructor({ operand, type }: UnaryNode) {
    this.#type = type as IntegerType;
    this.#address = compileBigint(operand, false);
  }

  find(record: RecordView): number {
    return this.#scratch.locate(this.#address(record), this.#type);
  }

  make(record: RecordView): number {
    return this.find(record);
  }

  get(row: number): number | bigint {
    return this.#scratch.read(row, this.#type);
  }

  set(row: number, value: Slot): void {
    this.#scratch.write(row, value as number | bigint, this.#type);
  }
}

class KeyedStore implements Store {
  drops = 0n;
  readonly #table: KeyTable;
  readonly #values: Slot[] = [];
  readonly #zero: Slot;

  constructor({ type, keyTypes, scope }: Variable) {
    this.#zero = findZero(type);
    const thread = scope === 'self' ? [{ words: 1 }] : [];
    this.#table = new KeyTable([...thread, ...(keyTypes ?? []).map((key) => findKeyColumn('', key, false))]);
  }

  find(record: RecordView, keys: readonly KeyEncoder[]): number {
    return this.#table.findRow(record, keys);
  }

  make(record: RecordView, keys: readonly KeyEncoder[]): number {
    const row = this.#table.makeRow(record, keys);
    if (row === NO_ROW) this.drops++;
    else this.#values[row] ??= this.#zero;
    return row;
  }

  get(row: number): Slot {
    return row === NO_ROW ? this.#zero : (this.#values[row] as Slot);
  }

  set(row: number, value: Slot): void {
    if (row === NO_ROW) return;
    if (value === this.#zero) {
      this.#table.remove(row);
      this.#values[row] = this.#zero;
    } else this.#values[row] = value;
  }
}

/** Whether a variable is a table that grows with what is seen. */
export function isKeyed({ keyTypes, scope }: Variable): boolean {
  return keyTypes !== undefined || scope === 'self';
}

/** Whether a variable keeps what it holds from one event to the next. */
export function isLasting(variable: Variable): boolean {
  return variable.scope !== 'this' || isKeyed(variable);
}

const stores = new WeakMap<Variable, Store>();

function getStore(variable: Variable): Store {
  const known = stores.get(variable);
  if (known !== undefined) return known;
  const store = isKeyed(variable) ? new KeyedStore(variable) : new ScalarStore(variable);
  stores.set(variable, store);
  return store;
}

/** Forgets what the `this->` variables among these hold; undefined: there are none. */
export function createForgetting(variables: readonly Variable[]): (() => void) | undefined {
  const locals = variables
    .filter(({ scope }) => scope === 'this')
    .map((variable) => getStore(variable))
    .filter((store) => store instanceof ScalarStore);
  if (locals.length === 0) return undefined;
  return () => {
    for (const local of locals) local.forget();
  };
}

export function countDrops(variables: readonly Variable[]): bigint {
  return variables.reduce((sum, variable) => sum + (stores.get(variable)?.drops ?? 0n), 0n);
}

const THREAD_INDEX = offsets.cs_tid.offset >> 2;

const encodeThread: KeyEncoder = ({ u32, base }, words, at) => {
  words[at] = u32[(base >> 2) + THREAD_INDEX] as number;
};

/** A variable, or `*pointer`. */
type Place = VariableNode | UnaryNode;

function compilePlace(place: Place): { store: Store; keys: readonly KeyEncoder[] } {
  if (place.kind === 'unary') return { store: new MemoryStore(place), keys: [] };
  return { store: getStore(place.variable), keys: compileKeys(place) };
}

function compileKeys({ variable, keys }: VariableNode): KeyEncoder[] {
  const types = variable.keyTypes ?? [];
  const encoders = keys.map((key, index) => encodeKey(key, types[index] as Type));
  const isNested = keys.some((key) => someNode(key, (node) => node.kind === 'variable'));
  const flat = isNested ? encodeAside(encoders, types) : encoders;
  return variable.scope === 'self' ? [encodeThread, ...flat] : flat;
}

/** Keys that are looked up themselves, maybe in the same table, are all known before the first one is written. */
function encodeAside(encoders: readonly KeyEncoder[], types: readonly Type[]): KeyEncoder[] {
  const sizes = types.map((type) => findKeyColumn('', type, false).words);
  const aside = new Uint32Array(sizes.reduce((sum, size) => sum + size, 0));
  const encodeAll: KeyEncoder = (record, words, at) => {
    const own = aside.slice();
    encoders.reduce((start, encode, index) => {
      encode(record, own, start);
      return start + (sizes[index] as number);
    }, 0);
    words.set(own, at);
  };
  return encoders.map((_, index) => (index === 0 ? encodeAll : () => {}));
}

/** A place read, assigned or changed: its value is that of the expression. */
export function compileStored(node: Place | AssignmentNode | UpdateNode): Read<Slot> {
  if (node.kind === 'assignment') return compileAssignment(node);
  if (node.kind === 'update') return compileUpdate(node);
  const { store, keys } = compilePlace(node);
  return (record) => store.get(store.find(record, keys));
}

function compileAssignment({ operator, target, value }: AssignmentNode): Read<Slot> {
  const place = target as Place;
  if (operator !== '=') return compileCompound(place, operator.slice(0, -1) as ArithmeticOperator, value);
  const { store, keys } = compilePlace(place);
  const { type } = place;
  const read: Read<Slot> = type.kind === 'integer' ? compileConverted(value, type) : compileText(value);
  return (record) => {
    const assigned = read(record);
    store.set(store.make(record, keys), assigned);
    return assigned;
  };
}

/** A value as a variable of this type holds it. */
function compileConverted(value: Expression, type: IntegerType): Read<number | bigint> {
  if (type.bytes === 8) return compileBigint(value, type.signed);
  const isSigned = value.type.kind === 'integer' && value.type.signed;
  if (isExactNumber(value, isSigned)) {
    const read = compileNumber(value);
    const narrow = createNarrowing(type);
    return (record) => narrow(read(record));
  }
  const read = compileBigint(value, isSigned);
  return (record) => Number(convert(read(record), type));
}

function toSlot(value: bigint, type: IntegerType): number | bigint {
  const converted = convert(value, type);
  return type.bytes === 8 ? converted : Number(converted);
}

function compileCompound(target: Place, operator: ArithmeticOperator, value: Expression): Read<Slot> {
  const { store, keys } = compilePlace(target);
  const type = target.type as IntegerType;
  const { signed } = findCommonType(type, value.type as IntegerType);
  const read = compileBigint(value, signed);
  const divides = operator === '/' || operator === '%';
  const places = target.kind === 'variable' ? target.keys : [target.operand];
  const mayMove = [...places, value].some(changesVariables);
  return (record) => {
    // As in DTrace, what stands there is read before the operand is computed, and where it is written is computed
    // after that.
    const row = store.find(record, keys);
    const before = BigInt(store.get(row) as number | bigint);
    const operand = read(record);
    if (divides && operand === 0n) throw divisionByZero;
    const result = computeArithmetic(operator, wrap(before, signed), operand, signed);
    const after = toSlot(result, type);
    store.set(mayMove || row === NO_ROW ? store.make(record, keys) : row, after);
    return after;
  };
}

function changesVariables(expression: Expression): boolean {
  return someNode(expression, ({ kind }) => kind === 'assignment' || kind === 'update');
}

function compileUpdate({ operator, prefix, target }: UpdateNode): Read<Slot> {
  const { store, keys } = compilePlace(target as Place);
  const type = target.type as IntegerType;
  const size = type.pointee?.bytes ?? 1;
  const step = operator === '++' ? size : -size;
  const narrow = createNarrowing(type.bytes === 8 ? { ...type, bytes: 4 } : type);
  const bigStep = BigInt(step);
  return (record) => {
    const row = store.make(record, keys);
    const before = store.get(row) as number | bigint;
    const after = typeof before === 'number' ? narrow(before + step) : convert(before + bigStep, type);
    store.set(row, after);
    return prefix ? after : before;
  };
}

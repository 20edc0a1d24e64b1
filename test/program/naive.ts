// A second implementation of the language, slow and simple: it walks the parsed tree over plain objects, computes
// everything in BigInts and knows nothing of ranges, closures or tables. Integers and strings, as far as
// generate.ts makes programs of them.
import {
  type AggregateStatement,
  type DeclarationSyntax,
  getClauses,
  type ProgramSyntax,
  type Statement,
} from '../../src/program/program-syntax.js';
import type { Expression, IntegerType, Type } from '../../src/program/syntax.js';

export type NaiveValue = bigint | string;

/** A record's members by the names that programs use. */
export type NaiveRecord = Readonly<Record<string, NaiveValue>>;

export interface NaiveResult {
  /** What trace() was given, in order. */
  readonly traced: string[];
  /** "name key,key = value" of each row. */
  readonly rows: string[];
  readonly faults: number;
}

export class NaiveFault extends Error {}

const int = (bytes: IntegerType['bytes'], signed: boolean): IntegerType => ({
  kind: 'integer',
  bytes,
  signed,
});
const INT = int(4, true);
const STRING: Type = { kind: 'string' };

const fieldTypes: Readonly<Record<string, Type>> = {
  ttl: int(1, false),
  error_dport: int(2, false),
  pid: INT,
  uid: int(4, false),
  time: int(8, false),
  comm: STRING,
};

const wrap64 = (value: bigint, { signed }: IntegerType) =>
  signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);

/** As so many bytes hold it. */
export const narrow = (value: bigint, { bytes, signed }: IntegerType) =>
  signed ? BigInt.asIntN(8 * bytes, value) : BigInt.asUintN(8 * bytes, value);

/** C11 6.3.1.8, without its promotion. */
function findCommon(left: IntegerType, right: IntegerType): IntegerType {
  if (left.bytes !== right.bytes) return left.bytes > right.bytes ? left : right;
  return left.signed ? right : left;
}

interface Row {
  count: bigint;
  sum: bigint;
  least: bigint;
  most: bigint;
}

export class NaiveProgram {
  readonly #program: ProgramSyntax;
  readonly #declarations = new Map<string, DeclarationSyntax>();
  readonly #variables = new Map<string, NaiveValue>();
  readonly #rows = new Map<string, Row>();
  readonly #functions = new Map<string, string>();
  readonly #keyTypes = new Map<string, Type[]>();
  readonly #result: NaiveResult & { faults: number } = { traced: [], rows: [], faults: 0 };

  constructor(program: ProgramSyntax) {
    this.#program = program;
    for (const item of program.items) {
      if (item.kind === 'declaration') this.#declarations.set(`${item.scope} ${item.name}`, item);
    }
    this.#findKeyTypes(program.items);
  }

  run(records: readonly NaiveRecord[]): NaiveResult {
    for (const record of records) {
      for (const name of this.#variables.keys()) if (name.startsWith('this ')) this.#variables.delete(name);
      for (const { predicate, statements } of getClauses(this.#program))
        this.#runClause(predicate, statements, record);
    }
    for (const [name, row] of this.#rows) {
      const fn = this.#functions.get(name.split(' ')[0] as string) as string;
      const values: Record<string, bigint> = {
        count: row.count,
        sum: BigInt.asIntN(64, row.sum),
        min: row.least,
        max: row.most,
        avg: row.count === 0n ? 0n : BigInt.asIntN(64, row.sum) / row.count,
      };
      this.#result.rows.push(`${name} = ${values[fn]}`);
    }
    this.#result.rows.sort();
    return this.#result;
  }

  #runClause(predicate: Expression | undefined, statements: readonly Statement[], record: NaiveRecord): void {
    const traced: string[] = [];
    try {
      if (predicate !== undefined && this.evaluate(predicate, record) === 0n) return;
      for (const statement of statements) this.#runStatement(statement, record, traced);
      this.#result.traced.push(...traced);
    } catch (error) {
      if (!(error instanceof NaiveFault)) throw error;
      this.#result.faults++;
    }
  }

  #runStatement(statement: Statement, record: NaiveRecord, traced: string[]): void {
    if (statement.kind === 'aggregate') {
      this.#aggregate(statement, record);
      return;
    }
    if (statement.kind !== 'expression') throw new TypeError(statement.kind);
    const { expression } = statement;
    if (expression.kind === 'call' && expression.name === 'trace') {
      const [value] = expression.arguments as [Expression];
      traced.push(this.#show(value, record));
    } else this.evaluate(expression, record);
  }

  #show(node: Expression, record: NaiveRecord): string {
    const value = this.evaluate(node, record);
    const type = this.typeOf(node);
    return String(type.kind === 'integer' ? narrow(value as bigint, type) : value);
  }

  /** A key has the type that it has where its aggregation stands first. */
  #showKey(name: string, index: number, node: Expression, record: NaiveRecord): string {
    const types = this.#keyTypes.get(name) as Type[];
    const type = types[index] as Type;
    const value = this.evaluate(node, record);
    return String(type.kind === 'integer' ? narrow(value as bigint, type) : value);
  }

  /** In the order of the source, whether it is reached or not. */
  #findKeyTypes(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    const { kind, target } = node as Partial<AggregateStatement>;
    if (kind === 'aggregate' && target !== undefined && !this.#keyTypes.has(target.name)) {
      this.#keyTypes.set(
        target.name,
        target.keys.map(({ expression }) => this.typeOf(expression)),
      );
    }
    for (const child of Object.values(node)) this.#findKeyTypes(child);
  }

  #aggregate({ target, function: fn, arguments: values }: AggregateStatement, record: NaiveRecord): void {
    this.#functions.set(target.name, fn);
    const [argument] = values;
    const value = argument === undefined ? 0n : BigInt.asIntN(64, this.evaluate(argument, record) as bigint);
    const keys = target.keys.map(({ expression }, index) =>
      this.#showKey(target.name, index, expression, record),
    );
    const name = `${target.name} ${keys.join()}`;
    const row = this.#rows.get(name) ?? { count: 0n, sum: 0n, least: value, most: value };
    this.#rows.set(name, {
      count: row.count + 1n,
      sum: row.sum + value,
      least: value < row.least ? value : row.least,
      most: value > row.most ? value : row.most,
    });
  }

  typeOf(node: Expression): Type {
    switch (node.kind) {
      case 'integer':
        return node.type;
      case 'string':
        return STRING;
      case 'name':
      case 'index':
        return this.#declarations.get(`${node.scope} ${node.name}`)?.type ?? fieldTypes[node.name] ?? INT;
      case 'unary': {
        const type = this.typeOf(node.operand) as IntegerType;
        return node.operator === '!' ? INT : type;
      }
      case 'cast':
        return node.target;
      case 'assignment':
      case 'update':
        return this.typeOf(node.target);
      case 'conditional': {
        const yes = this.typeOf(node.yes);
        return yes.kind === 'integer' ? findCommon(yes, this.typeOf(node.no) as IntegerType) : yes;
      }
      case 'call':
        return node.name === 'strlen' ? int(8, false) : STRING;
      case 'binary': {
        if ('|| ^^ && == != < <= > >='.split(' ').includes(node.operator)) return INT;
        const left = this.typeOf(node.left) as IntegerType;
        if (node.operator === '<<' || node.operator === '>>') return left;
        return findCommon(left, this.typeOf(node.right) as IntegerType);
      }
      default:
        throw new TypeError(node.kind);
    }
  }

  /** An integer as 64 bits, signed or not by its type, or a string. */
  evaluate(node: Expression, record: NaiveRecord): NaiveValue {
    const type = this.typeOf(node);
    const value = this.#evaluateRaw(node, record);
    return type.kind === 'integer' ? wrap64(value as bigint, type) : value;
  }

  #number(node: Expression, record: NaiveRecord): bigint {
    return this.evaluate(node, record) as bigint;
  }

  #evaluateRaw(node: Expression, record: NaiveRecord): NaiveValue {
    switch (node.kind) {
      case 'integer':
        return node.value;
      case 'string':
        return Buffer.from(node.bytes).toString();
      case 'name':
      case 'index':
        return this.#read(node, this.#findSlot(node, record), record);
      case 'unary': {
        const operand = this.#number(node.operand, record);
        if (node.operator === '!') return operand === 0n ? 1n : 0n;
        return node.operator === '-' ? -operand : node.operator === '~' ? ~operand : operand;
      }
      case 'cast':
        return narrow(this.#number(node.operand, record), node.target as IntegerType);
      case 'conditional':
        return this.evaluate(this.#number(node.condition, record) !== 0n ? node.yes : node.no, record);
      case 'assignment':
        return this.#assign(node, record);
      case 'update': {
        const slot = this.#findSlot(node.target, record);
        const before = this.#read(node.target, slot, record) as bigint;
        const after = narrow(
          before + (node.operator === '++' ? 1n : -1n),
          this.typeOf(node.target) as IntegerType,
        );
        this.#write(slot, after);
        return node.prefix ? after : before;
      }
      case 'call': {
        const texts = node.arguments.map((argument) => this.evaluate(argument, record) as string);
        return node.name === 'strlen' ? BigInt(Buffer.byteLength(texts[0] as string)) : texts.join('');
      }
      case 'binary':
        return this.#binary(node.operator, node.left, node.right, record);
      default:
        throw new TypeError(node.kind);
    }
  }

  #assign(node: Extract<Expression, { kind: 'assignment' }>, record: NaiveRecord): NaiveValue {
    const type = this.typeOf(node.target);
    if (node.operator === '=') {
      // Keys behind the value: nothing here depends on it but what the value changes.
      const value = this.evaluate(node.value, record);
      const slot = this.#findSlot(node.target, record);
      const stored = type.kind === 'integer' ? narrow(value as bigint, type) : value;
      this.#write(slot, stored);
      return stored;
    }
    const before = this.#read(node.target, this.#findSlot(node.target, record), record) as bigint;
    const after = this.#arithmetic(
      node.operator.slice(0, -1),
      before,
      this.#number(node.value, record),
      findCommon(type as IntegerType, this.typeOf(node.value) as IntegerType),
    );
    const stored = narrow(after, type as IntegerType);
    // Keys again, as in DTrace: what they and the value have changed may have moved the place.
    this.#write(this.#findSlot(node.target, record), stored);
    return stored;
  }

  /** A variable's name with its thread and keys. */
  #findSlot(node: Expression, record: NaiveRecord): string {
    if (node.kind !== 'name' && node.kind !== 'index') throw new TypeError(node.kind);
    const keys = node.kind === 'index' ? node.keys : [];
    const types = this.#declarations.get(`${node.scope} ${node.name}`)?.keyTypes ?? [];
    const texts = keys.map((key, index) => {
      const value = this.evaluate(key, record);
      const type = types[index];
      return String(type?.kind === 'integer' ? narrow(value as bigint, type) : value);
    });
    return `${node.scope} ${node.name} ${node.scope === 'self' ? record.tid : ''} ${texts.join()}`;
  }

  #read(node: Expression, slot: string, record: NaiveRecord): NaiveValue {
    if (node.kind === 'name' && node.scope === 'global' && node.name in fieldTypes) {
      return record[node.name] as NaiveValue;
    }
    return this.#variables.get(slot) ?? (this.typeOf(node).kind === 'integer' ? 0n : '');
  }

  #write(slot: string, value: NaiveValue): void {
    this.#variables.set(slot, value);
  }

  #binary(operator: string, leftNode: Expression, rightNode: Expression, record: NaiveRecord): NaiveValue {
    const left = this.evaluate(leftNode, record);
    if (operator === '&&' && left === 0n) return 0n;
    if (operator === '||' && left !== 0n) return 1n;
    const right = this.evaluate(rightNode, record);
    const isTrue = (value: NaiveValue) => value !== 0n;
    if (operator === '&&' || operator === '||') return isTrue(right) ? 1n : 0n;
    if (operator === '^^') return isTrue(left) !== isTrue(right) ? 1n : 0n;
    if (typeof left === 'string' || typeof right === 'string') {
      const order = Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
      return compare(operator, BigInt(order), 0n) ? 1n : 0n;
    }
    const common = findCommon(this.typeOf(leftNode) as IntegerType, this.typeOf(rightNode) as IntegerType);
    const isShift = operator === '<<' || operator === '>>';
    const type = isShift ? (this.typeOf(leftNode) as IntegerType) : common;
    if (operator === '%' && right !== 0n && this.#isConstant(leftNode) && this.#isConstant(rightNode)) {
      return wrap64(left, type) % wrap64(right, type);
    }
    return this.#arithmetic(operator, left, right, type);
  }

  #arithmetic(operator: string, left: bigint, right: bigint, type: IntegerType): bigint {
    const a = wrap64(left, type);
    const b = wrap64(right, type);
    if ((operator === '/' || operator === '%') && b === 0n) throw new NaiveFault();
    const count = BigInt.asUintN(6, right);
    switch (operator) {
      case '|':
        return a | b;
      case '^':
        return a ^ b;
      case '&':
        return a & b;
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return a / b;
      case '%':
        return b < 0n ? -(a % b) : a % b;
      case '<<':
        return a * 2n ** count;
      case '>>':
        return a >> count;
      default:
        return compare(operator, a, b) ? 1n : 0n;
    }
  }

  /** Whether DTrace computes it when it compiles: then a remainder has the sign of its dividend. */
  #isConstant(node: Expression): boolean {
    switch (node.kind) {
      case 'integer':
        return true;
      case 'unary':
      case 'cast':
        return this.#isConstant(node.operand);
      case 'conditional': {
        if (!this.#isConstant(node.condition)) return false;
        return this.#isConstant(this.evaluate(node.condition, {}) !== 0n ? node.yes : node.no);
      }
      case 'binary': {
        if (!this.#isConstant(node.left)) return false;
        const decides = node.operator === '&&' ? 0n : node.operator === '||' ? 1n : undefined;
        if (decides !== undefined && (this.evaluate(node.left, {}) === 0n) === (decides === 0n)) return true;
        return this.#isConstant(node.right);
      }
      default:
        return false;
    }
  }
}

function compare(operator: string, a: bigint, b: bigint): boolean {
  const results: Readonly<Record<string, boolean>> = {
    '==': a === b,
    '!=': a !== b,
    '<': a < b,
    '<=': a <= b,
    '>': a > b,
    '>=': a >= b,
  };
  return results[operator] as boolean;
}

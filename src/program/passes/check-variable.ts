// Variables in the check: a first assignment gives the type, every later one has to fit it, and reading one
// that nothing has been assigned to is said.
import { LONG } from '../integer-type.js';
import type { Variable } from '../symbols.js';
import {
  type AssignmentNode,
  type Expression,
  type IntegerType,
  someNode,
  type Type,
  UNKNOWN,
  type UpdateNode,
  type VariableNode,
} from '../syntax.js';
import { scaleOffset } from './check-pointer.js';
import { type Checker, describeType, isNull, isText, STRING } from './checker.js';

/** What is assigned to a variable of strings, for spreadOutside(). */
interface Flow {
  readonly to: Variable;
  readonly from: Expression;
}

/** As many as DTrace has registers for. */
const MAX_KEYS = 10;

export class VariableChecker {
  readonly #checker: Checker;
  readonly #flows: Flow[] = [];

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  checkRead(node: VariableNode): Expression {
    const { variable, span } = node;
    if (variable.type.kind === 'unknown') {
      const hint = 'expected an assignment or a declaration in front of it';
      this.#say(span, `'${printName(variable)}' is read before anything is assigned to it`, hint);
      return node;
    }
    return this.#checkKeys(node) ? { ...node, type: variable.type } : node;
  }

  checkAssignment(node: AssignmentNode): Expression {
    const target = this.#checkTarget(node.target);
    if (target.kind === 'unary') return this.#checkStore({ ...node, target }, target.type);
    const isFirst = target.kind === 'variable' && target.variable.type.kind === 'unknown';
    if (isFirst && node.operator !== '=') {
      this.checkRead(target);
      return { ...node, target };
    }
    const value = this.#checker.check(node.value);
    if (target.kind !== 'variable' || value.type.kind === 'unknown') return { ...node, target, value };
    if (isFirst && !this.#define(target, findAssignedType(value), value)) return { ...node, target, value };
    const type = target.variable.type;
    if (!this.#checkKeys(target)) return { ...node, target, value };
    const moves = type.kind === 'integer' && (node.operator === '+=' || node.operator === '-=');
    const operand = moves ? scaleOffset(type, value) : value;
    const assigned = { ...node, target: { ...target, type }, value: operand };
    if (isText(type)) this.#flows.push({ to: target.variable, from: value });
    return { ...assigned, type: this.#findResultType(assigned, type, value) };
  }

  /** `*pointer = value`. */
  #checkStore(node: AssignmentNode, type: Type): Expression {
    const value = this.#checker.check(node.value);
    if (type.kind === 'unknown' || value.type.kind === 'unknown') return { ...node, value };
    return { ...node, value, type: this.#findResultType(node, type, value) };
  }

  checkUpdate(node: UpdateNode): Expression {
    const target = this.#checkTarget(node.target);
    if (target.kind === 'unary') return { ...node, target, type: target.type };
    if (target.kind !== 'variable') return { ...node, target };
    const isFirst = target.variable.type.kind === 'unknown';
    if (isFirst && !this.#define(target, LONG, target)) return { ...node, target };
    if (!this.#checkKeys(target)) return { ...node, target };
    const typed = { ...target, type: target.variable.type };
    const type = this.#checker.requireInteger(typed, `the operand of '${node.operator}'`);
    return { ...node, target: typed, type: type ?? UNKNOWN };
  }

  /** Text that comes from outside is escaped where it is shown, whichever variables it went through. */
  spreadOutside(variables: readonly Variable[]): void {
    const marked = new Set(variables.filter((variable) => variable.isOutside));
    for (let before = -1; before !== marked.size; ) {
      before = marked.size;
      for (const { to, from } of this.#flows) {
        if (marked.has(to) || !someNode(from, isOutside)) continue;
        to.isOutside = true;
        marked.add(to);
      }
    }
  }

  /** The variable that is assigned, its keys checked. */
  #checkTarget(target: Expression): Expression {
    if (target.kind === 'variable') {
      return { ...target, keys: target.keys.map((key) => this.#checker.check(key)) };
    }
    if (target.kind === 'unary' && target.operator === '*') return this.#checker.check(target);
    if (target.kind !== 'name' && target.kind !== 'index' && target.kind !== 'integer') {
      this.#say(target.span, "'=' assigns, and a field cannot be assigned", "did you mean '=='?");
    } else if (target.kind === 'integer') {
      this.#say(target.span, 'a constant cannot be assigned', "did you mean '=='?");
    }
    return target;
  }

  #define(target: VariableNode, type: Type, { span }: Expression): boolean {
    if (type.kind !== 'integer' && type.kind !== 'string') {
      this.#say(span, `a variable cannot hold ${describeType(type)}`);
      return false;
    }
    const { variable, keys } = target;
    if (keys.length > 0 && variable.scope === 'this') {
      const hint = "expected 'self' or a global associative array";
      this.#say(target.span, `${printName(variable)} has no keys: it lives for one event`, hint);
      return false;
    }
    if (keys.some((key) => key.type.kind === 'unknown')) return false;
    const misfit = keys.find((key) => key.type.kind !== 'integer' && !isText(key.type));
    if (misfit !== undefined) {
      const hint = 'expected a number or a string';
      this.#say(misfit.span, `${describeType(misfit.type)} cannot be a key of ${printName(variable)}`, hint);
      return false;
    }
    variable.type = type;
    variable.keyTypes = keys.length === 0 ? undefined : keys.map((key) => findKeyType(key.type));
    return true;
  }

  /** Whether the keys fit; a column that is an address here and a string there is one of strings. */
  #checkKeys({ variable, keys, span }: VariableNode): boolean {
    const types = variable.keyTypes ?? [];
    if (keys.length > MAX_KEYS) {
      this.#say(span, `an associative array has at most ${MAX_KEYS} keys`);
      return false;
    }
    if (keys.length !== types.length) {
      this.#say(span, `${printName(variable)} ${explainKeyCount(types.length, keys.length)}`);
      return false;
    }
    const widened: Type[] = [];
    for (const [index, key] of keys.entries()) {
      const type = types[index] as Type;
      if (key.type.kind === 'unknown') return false;
      if (!fitsKey(key.type, type)) {
        const what = `key ${index + 1} of ${printName(variable)} is ${describeType(type)}`;
        this.#say(key.span, `${what}, this is ${describeType(key.type)}`);
        return false;
      }
      widened.push(type.kind === 'address' && key.type.kind !== 'address' ? STRING : type);
    }
    if (variable.keyTypes !== undefined) variable.keyTypes = widened;
    return true;
  }

  #findResultType({ operator, span }: AssignmentNode, type: Type, value: Expression): Type {
    if (operator !== '=') {
      const what = `an operand of '${operator}'`;
      const target: Expression = { ...value, type };
      const left = this.#checker.requireInteger(target, what);
      const right = this.#checker.requireInteger(value, what);
      return left === undefined || right === undefined ? UNKNOWN : left;
    }
    const fits =
      (type.kind === 'integer' && value.type.kind === 'integer' && fitsPointer(type, value)) ||
      (isText(type) && (isText(value.type) || isNull(value)));
    if (fits) return type;
    const kinds = `${describeType(type)} = ${describeType(value.type)}`;
    this.#say(span, `'=' has operands of incompatible types: ${kinds}`);
    return UNKNOWN;
  }

  #say(span: Expression['span'], message: string, hint = ''): void {
    this.#checker.diagnostics.add(span, message, hint);
  }
}

/** A pointer of a known type takes such pointers, and 0; no other variable takes it. */
function fitsPointer({ pointer, target }: IntegerType, value: Expression): boolean {
  const given = value.type.kind === 'integer' ? value.type : undefined;
  if (target === given?.target || isNull(value)) return true;
  // A pointer to void is one to anything.
  return pointer === true && given?.pointer === true && (target === undefined || given.target === undefined);
}

function printName({ scope, name }: Variable): string {
  return scope === 'global' ? name : `${scope}->${name}`;
}

function explainKeyCount(expected: number, found: number): string {
  if (expected === 0) return 'is no associative array';
  const keys = expected === 1 ? 'one key' : `${expected} keys`;
  return found === 0 ? `is an associative array: it takes ${keys}` : `takes ${keys}, not ${found}`;
}

/** An address is kept as D's string. */
function findAssignedType(value: Expression): Type {
  return isText(value.type) ? STRING : value.type;
}

function findKeyType(type: Type): Type {
  return type.kind === 'list' ? STRING : type;
}

function fitsKey(given: Type, expected: Type): boolean {
  return expected.kind === 'integer' ? given.kind === 'integer' : isText(given) && isText(expected);
}

/** Whether a node is text that somebody else has chosen: the name of a command or a cgroup, a list's content. */
export function isOutside(node: Expression): boolean {
  if (node.kind === 'field') {
    return ['text', 'cgroup', 'container', 'list'].includes(node.field.read.kind);
  }
  return node.kind === 'variable' && node.variable.isOutside;
}

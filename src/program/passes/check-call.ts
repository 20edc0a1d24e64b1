// Calls in the check: of functions that give a value; actions and aggregating functions are void here and
// checked where they may stand (check-actions.ts).
import { countNoun, shorten } from '../diagnostics.js';
import {
  actions,
  aggregatingFunctions,
  type FunctionSignature,
  functionNames,
  functions,
  type ParameterKind,
  unsupportedFunctions,
} from '../functions.js';
import type { CallNode, Expression, Span } from '../syntax.js';
import { type Checker, describeType, isText } from './checker.js';

const expectedKinds: Readonly<Record<ParameterKind, string>> = {
  string: 'a string',
  integer: 'a number',
  address: 'an address',
};

/** `node`, whose arguments are checked, with its type. */
export function checkCall(node: CallNode, checker: Checker): Expression {
  const { name, span, arguments: values } = node;
  const signature = functions.get(name);
  if (signature !== undefined) return checkFunction(node, signature, checker);
  if (actions.has(name) || aggregatingFunctions.has(name)) return { ...node, type: { kind: 'void' } };
  const reason = unsupportedFunctions.get(name);
  if (reason !== undefined) {
    checker.diagnostics.add(span, `${name}() is not supported: ${reason}`);
    return node;
  }
  // What is written in the place of a probe, `tick-1()`, says nothing of functions.
  if (values.every(({ type }) => type.kind !== 'unknown') || values.length === 0) {
    checker.diagnostics.addUnknown(span, `unknown function '${shorten(name)}'`, name, functionNames);
  }
  return node;
}

function checkFunction(node: CallNode, signature: FunctionSignature, checker: Checker): Expression {
  const { name, span, arguments: values } = node;
  const { parameters, required, result } = signature;
  if (!checkCount(name, span, values.length, [required, parameters.length], checker)) return node;
  let fits = true;
  for (const [index, value] of values.entries()) {
    const kind = parameters[index] as ParameterKind;
    if (value.type.kind === 'unknown') fits = false;
    else if (!takes(kind, value)) {
      const what = `argument ${index + 1} of ${name}() is ${expectedKinds[kind]}`;
      checker.diagnostics.add(value.span, `${what}, this is ${describeType(value.type)}`);
      fits = false;
    }
  }
  return fits ? { ...node, type: result } : node;
}

function takes(kind: ParameterKind, { type }: Expression): boolean {
  if (kind === 'string') return isText(type);
  return type.kind === 'integer' || (kind === 'address' && type.kind === 'address');
}

/** Says so where a function takes another number of arguments. */
export function checkCount(
  name: string,
  span: Span,
  count: number,
  [least, most]: readonly [number, number],
  { diagnostics }: Pick<Checker, 'diagnostics'>,
): boolean {
  if (count >= least && count <= most) return true;
  const atMost = countNoun(most, 'argument');
  const expected =
    least === most
      ? atMost
      : most === Number.POSITIVE_INFINITY
        ? `${countNoun(least, 'argument')} or more`
        : `${least} to ${atMost}`;
  diagnostics.add(span, `${name}() takes ${expected}, not ${count}`);
  return false;
}

// Aggregating statements in the check: the function and its arguments, the histogram's parameters, and whether
// all uses of one aggregation agree.
import { countNoun, shorten } from '../diagnostics.js';
import { actions, aggregatingFunctions, functions, unsupportedFunctions } from '../functions.js';
import type { AggregateStatement } from '../program-syntax.js';
import type { AggregationColumn, AggregationSymbol } from '../symbols.js';
import type { Expression, NamedExpression, Type } from '../syntax.js';
import { checkCount } from './check-call.js';
import { countScaleArguments, findScale } from './check-scale.js';
import { describeType, isAlike, isText } from './checker.js';
import type { PassContext } from './pass.js';

/** The aggregation that a checked statement adds to; undefined where something is wrong. */
export function checkAggregation(
  statement: AggregateStatement,
  isShort: boolean,
  context: PassContext,
): AggregationSymbol | undefined {
  if (!checkFunction(statement, context)) return undefined;
  const { target, function: name, top } = statement;
  if (!checkArguments(statement, context)) return undefined;
  if (!target.keys.every((key) => checkKey(key, context))) return undefined;
  const scale = findScale(statement, context.diagnostics);
  if (scale === 'wrong') return undefined;
  const known = isShort ? undefined : context.symbols.aggregations.get(target.name);
  if (known !== undefined) return agrees(known, { ...statement, scale }, context) ? known : undefined;
  const columns = target.keys.map(({ name: keyName, expression }) => createColumn(keyName, expression));
  const symbol = { name: target.name, function: name, columns, scale, top };
  if (!isShort) context.symbols.aggregations.set(target.name, symbol);
  return symbol;
}

function createColumn(name: string, expression: Expression): AggregationColumn {
  const type: Type = expression.type.kind === 'list' ? { kind: 'string' } : expression.type;
  return { name, type, uses: [expression] };
}

function checkFunction(
  { function: name, functionSpan: span }: AggregateStatement,
  context: PassContext,
): boolean {
  if (aggregatingFunctions.has(name)) return true;
  const names = aggregatingFunctions.keys();
  if (actions.has(name) || functions.has(name)) {
    const hint = `expected ${[...names].join(', ')}`;
    context.diagnostics.add(span, `${name}() is not an aggregating function`, hint);
  } else if (unsupportedFunctions.has(name)) {
    context.diagnostics.add(span, `${name}() is not an aggregating function`);
  } else {
    context.diagnostics.addUnknown(span, `unknown aggregating function '${shorten(name)}'`, name, names);
  }
  return false;
}

function checkArguments(statement: AggregateStatement, context: PassContext): boolean {
  const { function: name, functionSpan, arguments: values } = statement;
  const bounds = aggregatingFunctions.get(name) as readonly [number, number];
  if (!checkCount(name, functionSpan, values.length, bounds, context)) return false;
  // The value, and for histograms the weight behind the parameters.
  const constants = countScaleArguments(name);
  return values.every((value, index) => {
    if (index > 0 && index <= constants) return true;
    if (value.type.kind === 'integer' || value.type.kind === 'unknown') return value.type.kind === 'integer';
    const what = index === 0 ? `${name}() takes a number` : `the weight of ${name}() is a number`;
    context.diagnostics.add(value.span, `${what}, this is ${describeType(value.type)}`);
    return false;
  });
}

function checkKey({ expression }: NamedExpression, { diagnostics }: PassContext): boolean {
  const { type, span } = expression;
  if (type.kind === 'unknown') return false;
  if (['integer', 'stack', 'symbol'].includes(type.kind) || isText(type)) return true;
  diagnostics.add(span, `${describeType(type)} cannot be a key`, 'expected a number or a string');
  return false;
}

interface ScaledStatement extends AggregateStatement {
  readonly scale: AggregationSymbol['scale'];
}

/** Whether a later use fits the first; it is added to the columns' uses. */
function agrees(
  symbol: AggregationSymbol,
  statement: ScaledStatement,
  { diagnostics }: PassContext,
): boolean {
  const { target, function: name, functionSpan, scale } = statement;
  if (symbol.function !== name) {
    const message = `@${target.name} is ${symbol.function}() elsewhere, here it is ${name}()`;
    diagnostics.add(functionSpan, message, 'expected the same function everywhere');
    return false;
  }
  if (JSON.stringify(symbol.scale) !== JSON.stringify(scale)) {
    const message = `the parameters of ${name}() differ from those that @${target.name} has elsewhere`;
    diagnostics.add(functionSpan, message, `expected ${describeScale(symbol)}`);
    return false;
  }
  if (symbol.columns.length !== target.keys.length) {
    const known = countNoun(symbol.columns.length, 'key');
    const message = `@${target.name} has ${known} elsewhere, here it has ${target.keys.length}`;
    diagnostics.add(target.span, message);
    return false;
  }
  return target.keys.every(({ expression }, index) => {
    const column = symbol.columns[index] as AggregationColumn;
    if (!isAlike(column.type, expression.type)) {
      const message = `key ${index + 1} of @${target.name} is ${describeType(column.type)} elsewhere`;
      diagnostics.add(expression.span, `${message}, this is ${describeType(expression.type)}`);
      return false;
    }
    if (column.type.kind === 'address' && expression.type.kind !== 'address')
      column.type = { kind: 'string' };
    column.uses.push(expression);
    return true;
  });
}

function describeScale({ scale }: AggregationSymbol): string {
  if (scale?.kind === 'lquantize') {
    const { base, step, levels } = scale;
    return `${base}, ${base + step * levels}, ${step}`;
  }
  if (scale?.kind === 'llquantize') return `${scale.factor}, ${scale.low}, ${scale.high}, ${scale.steps}`;
  return 'the same';
}

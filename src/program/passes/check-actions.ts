// Pass: statements. Aggregations get their function, keys and parameters from the statements that add to them;
// then every action's arguments are checked, those that name aggregations among them.
import type { Diagnostics } from '../diagnostics.js';
import { countNoun } from '../diagnostics.js';
import { actions, aggregatingFunctions } from '../functions.js';
import { type ClauseSyntax, getClauses, mapClauses, type Statement } from '../program-syntax.js';
import type { AggregationSymbol, Symbols } from '../symbols.js';
import type { AggregationNode, CallNode, Expression, NamedExpression } from '../syntax.js';
import { checkAggregation } from './check-aggregation.js';
import { checkCount } from './check-call.js';
import { checkPrintaFormat, checkPrintf } from './check-printf.js';
import { checkTracemem } from './check-tracemem.js';
import { describeType, isAlike, isText } from './checker.js';
import type { Pass, PassContext } from './pass.js';

export const checkActions: Pass = (program, context) => {
  const checked = mapClauses(program, (clause) => checkAggregations(clause, context));
  const checker = new ActionChecker(context.symbols, context.diagnostics);
  for (const { statements } of getClauses(checked)) {
    for (const statement of statements) checker.check(statement);
  }
  return checked;
};

function checkAggregations(clause: ClauseSyntax, context: PassContext): ClauseSyntax {
  const check = (statement: Statement): Statement => {
    if (statement.kind !== 'aggregate') return statement;
    const symbol = checkAggregation(statement, clause.form === 'short', context);
    return symbol === undefined ? statement : { ...statement, symbol };
  };
  return { ...clause, statements: clause.statements.map(check) };
}

class ActionChecker {
  readonly #symbols: Symbols;
  readonly #diagnostics: Diagnostics;

  constructor(symbols: Symbols, diagnostics: Diagnostics) {
    this.#symbols = symbols;
    this.#diagnostics = diagnostics;
  }

  check(statement: Statement): void {
    if (statement.kind === 'print') for (const value of statement.values) this.#checkPrinted(value);
    if (statement.kind !== 'expression') return;
    const { expression } = statement;
    if (expression.kind !== 'call') return;
    const { name, span, arguments: values } = expression;
    if (aggregatingFunctions.has(name)) {
      this.#diagnostics.add(
        span,
        `${name}() is assigned to an aggregation`,
        `expected as in '@ = ${name}(…)'`,
      );
      return;
    }
    const bounds = actions.get(name);
    if (bounds === undefined) return;
    if (!checkCount(name, span, values.length, bounds, { diagnostics: this.#diagnostics })) return;
    this.#checkAction(expression);
  }

  #checkPrinted({ expression }: NamedExpression): void {
    if (expression.type.kind !== 'void' && expression.type.kind !== 'aggregation') return;
    this.#diagnostics.add(expression.span, `print takes values, this is ${describeType(expression.type)}`);
  }

  #checkAction(node: CallNode): void {
    const [first, second] = node.arguments as [Expression, Expression | undefined];
    switch (node.name) {
      case 'trace':
        this.#requireValue(first);
        break;
      case 'tracemem':
        checkTracemem(node, this.#diagnostics);
        break;
      case 'printf':
        checkPrintf(node, this.#diagnostics);
        break;
      case 'printa':
        this.#checkPrinta(node);
        break;
      case 'exit':
        this.#requireNumber(first, 'the status of exit()');
        break;
      case 'setopt':
        this.#checkSetopt(node);
        break;
      default:
        this.#findAggregation(first, node.name);
        if (second !== undefined) this.#requireNumber(second, `argument 2 of ${node.name}()`);
    }
  }

  #requireValue(node: Expression): void {
    if (!isValue(node)) this.#say(node, `trace() takes a value, this is ${describeType(node.type)}`);
  }

  #checkSetopt({ arguments: values }: CallNode): void {
    for (const value of values) {
      if (value.type.kind === 'unknown' || isText(value.type)) continue;
      this.#say(value, `setopt() takes strings, this is ${describeType(value.type)}`);
    }
  }

  #requireNumber(node: Expression, what: string): void {
    if (node.type.kind === 'integer' || node.type.kind === 'unknown') return;
    this.#say(node, `${what} is a number, this is ${describeType(node.type)}`);
  }

  /** The aggregation that an argument names. */
  #findAggregation(node: Expression, action: string): AggregationSymbol | undefined {
    if (node.kind !== 'aggregation') {
      if (node.type.kind !== 'unknown')
        this.#say(node, `${action}() takes an aggregation, as in '${action}(@a)'`);
      return undefined;
    }
    if (node.keys.length > 0) this.#say(node, `${action}() takes an aggregation without its keys`);
    const symbol = this.#symbols.aggregations.get(node.name);
    if (symbol === undefined) this.#explainUnknown(node);
    return symbol;
  }

  #explainUnknown({ span, name }: AggregationNode): void {
    const names = [...this.#symbols.aggregations.keys()].map((known) => `@${known}`);
    this.#diagnostics.addUnknown(span, `nothing is aggregated in @${name}`, `@${name}`, names);
  }

  #checkPrinta({ arguments: values, span }: CallNode): void {
    const [first] = values as [Expression];
    const hasFormat = first.kind === 'string';
    const named = hasFormat ? values.slice(1) : values;
    if (named.length === 0) {
      this.#diagnostics.add(span, 'printa() takes an aggregation', `expected as in 'printa("%d %@d", @a)'`);
      return;
    }
    const symbols = named.map((node) => this.#findAggregation(node, 'printa'));
    const known = symbols.filter((symbol) => symbol !== undefined);
    if (known.length < symbols.length) return;
    for (const [index, symbol] of known.entries()) {
      this.#checkJoin(known[0] as AggregationSymbol, symbol, named[index] as Expression);
    }
    if (hasFormat) checkPrintaFormat(first, known, this.#diagnostics);
  }

  /** Aggregations that are printed together have the same keys. */
  #checkJoin(first: AggregationSymbol, other: AggregationSymbol, node: Expression): void {
    if (first.columns.length !== other.columns.length) {
      const count = ({ name, columns }: AggregationSymbol) =>
        `@${name} has ${countNoun(columns.length, 'key')}`;
      const counts = `${count(first)}, ${count(other)}`;
      this.#say(node, `printa() joins aggregations of the same keys: ${counts}`);
      return;
    }
    for (const [index, column] of first.columns.entries()) {
      const type = other.columns[index]?.type ?? column.type;
      if (isAlike(column.type, type)) continue;
      const kinds = `key ${index + 1} of @${first.name} is ${describeType(column.type)}, of @${other.name}`;
      this.#say(node, `printa() joins aggregations of the same keys: ${kinds} ${describeType(type)}`);
    }
  }

  #say(node: Expression, message: string): void {
    this.#diagnostics.add(node.span, message);
  }
}

function isValue({ type }: Expression): boolean {
  return type.kind === 'integer' || type.kind === 'unknown' || isText(type);
}

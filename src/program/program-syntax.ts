// A program's tree around its expressions: declarations, options and clauses, in the order of the source.
// Both surfaces parse to it: a clause in the short form is one whose single statement is its action.
import type { AggregationSymbol } from './symbols.js';
import type { AggregationNode, Expression, NamedExpression, Scope, Span, Type } from './syntax.js';
import { mapChildren, mapNamed } from './syntax.js';

export interface ProbeSyntax {
  readonly text: string;
  readonly span: Span;
  /** The `function` numbers of the probes it matches, once it is resolved. */
  readonly probes: readonly number[];
}

/** `@a[k] = sum(e)`, or in the short form `sum(e) by k top 10`. */
export interface AggregateStatement {
  readonly kind: 'aggregate';
  readonly target: AggregationNode;
  readonly function: string;
  readonly functionSpan: Span;
  readonly arguments: readonly Expression[];
  /** Show the largest so many only. */
  readonly top: number | undefined;
  /** Once it is checked. */
  readonly symbol?: AggregationSymbol;
}

export type Statement =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | AggregateStatement
  | { readonly kind: 'print'; readonly values: readonly NamedExpression[] }
  /** No action: one readable line per event. */
  | { readonly kind: 'event' };

export interface ClauseSyntax {
  readonly kind: 'clause';
  /** "short": the one statement is an action of the short form; "block": statements in braces. */
  readonly form: 'short' | 'block';
  readonly probes: readonly ProbeSyntax[];
  readonly predicate: Expression | undefined;
  readonly statements: readonly Statement[];
}

/** `self int x;`, `string names[int];`, `inline int LIMIT = 10;`. */
export interface DeclarationSyntax {
  readonly kind: 'declaration';
  readonly span: Span;
  readonly scope: Scope;
  readonly name: string;
  readonly type: Type;
  readonly typeName: string;
  /** The types of an associative array's keys. */
  readonly keyTypes: readonly Type[] | undefined;
  readonly keyTypeNames: readonly string[];
  /** What the name of an `inline` stands for. */
  readonly inline: Expression | undefined;
}

/** `#pragma D option NAME[=VALUE]`. */
export interface OptionSyntax {
  readonly kind: 'option';
  readonly span: Span;
  readonly name: string;
  readonly value: string | undefined;
}

export type ProgramItem = ClauseSyntax | DeclarationSyntax | OptionSyntax;

export interface ProgramSyntax {
  readonly items: readonly ProgramItem[];
}

export function getClauses(program: ProgramSyntax): ClauseSyntax[] {
  return program.items.filter((item) => item.kind === 'clause');
}

/** The same program over other clauses. */
export function mapClauses(
  program: ProgramSyntax,
  map: (clause: ClauseSyntax) => ClauseSyntax,
): ProgramSyntax {
  return { items: program.items.map((item) => (item.kind === 'clause' ? map(item) : item)) };
}

/** The same statement over other expressions. */
export function mapStatement(statement: Statement, map: (root: Expression) => Expression): Statement {
  switch (statement.kind) {
    case 'expression':
      return { ...statement, expression: map(statement.expression) };
    case 'print':
      return { ...statement, values: mapNamed(statement.values, map) };
    case 'aggregate': {
      const target = mapChildren(statement.target, map) as AggregationNode;
      return { ...statement, target, arguments: statement.arguments.map(map) };
    }
    case 'event':
      return statement;
  }
}

/** The same clause over other expressions: the predicate first, then the statements' in order. */
export function mapExpressions(clause: ClauseSyntax, map: (root: Expression) => Expression): ClauseSyntax {
  const predicate = clause.predicate && map(clause.predicate);
  return {
    ...clause,
    predicate,
    statements: clause.statements.map((statement) => mapStatement(statement, map)),
  };
}

/** The expressions of a clause, the predicate first. */
export function getExpressions(clause: ClauseSyntax): Expression[] {
  const expressions: Expression[] = [];
  mapExpressions(clause, (expression) => {
    expressions.push(expression);
    return expression;
  });
  return expressions;
}

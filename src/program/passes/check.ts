// Pass: every expression gets its type, C's; a variable gets it with its declaration or first assignment. What
// does not fit together is said.
import { type ClauseSyntax, mapClauses, mapStatement } from '../program-syntax.js';
import { someNode } from '../syntax.js';
import { Checker } from './checker.js';
import type { Pass } from './pass.js';

export const checkTypes: Pass = (program, context) => {
  const checker = new Checker(context.diagnostics);
  const checked = mapClauses(program, (clause) => checkClause(clause, checker));
  // Text from outside spreads through assignments in any order.
  checker.spreadOutside(context.symbols.getVariables());
  return checked;
};

/** In the order in which the clause's variables get their types: as DTrace, the predicate last if it gives none. */
function checkClause(clause: ClauseSyntax, checker: Checker): ClauseSyntax {
  const { predicate } = clause;
  const checkStatements = () =>
    clause.statements.map((statement) => mapStatement(statement, (root) => checker.check(root)));
  const assigns = (node: { kind: string }) => node.kind === 'assignment' || node.kind === 'update';
  if (predicate === undefined) return { ...clause, statements: checkStatements() };
  const isFirst = someNode(predicate, assigns);
  const early = isFirst ? checker.check(predicate) : undefined;
  const statements = checkStatements();
  const checked = early ?? checker.check(predicate);
  checker.requireInteger(checked, 'a predicate');
  return { ...clause, predicate: checked, statements };
}

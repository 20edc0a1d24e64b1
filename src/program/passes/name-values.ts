// Pass: keys and printed values get the names under which sinks show them, before anything is folded.
import { printExpression } from '../print-expression.js';
import { mapClauses, type Statement } from '../program-syntax.js';
import type { NamedExpression } from '../syntax.js';
import type { Pass } from './pass.js';

export const nameValues: Pass = (program) =>
  mapClauses(program, (clause) => ({ ...clause, statements: clause.statements.map(nameStatement) }));

function nameStatement(statement: Statement): Statement {
  if (statement.kind === 'print') return { ...statement, values: distinguish(statement.values) };
  if (statement.kind !== 'aggregate') return statement;
  return { ...statement, target: { ...statement.target, keys: distinguish(statement.target.keys) } };
}

/** The second of two values of the same text gets `_2` behind it, the third `_3`. */
function distinguish(values: readonly NamedExpression[]): NamedExpression[] {
  const seen = new Map<string, number>();
  return values.map((value) => {
    const text = printExpression(value.expression);
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return { ...value, name: count === 1 ? text : `${text}_${count}` };
  });
}

// Pass: keys and printed values get the names under which sinks show them, before anything is folded.
import { printExpression } from '../print-expression.js';
import type { ClauseSyntax, NamedExpression } from '../syntax.js';
import type { Pass } from './pass.js';

export const nameValues: Pass = (clause): ClauseSyntax => {
  const { action } = clause;
  return action.kind === 'event'
    ? clause
    : { ...clause, action: { ...action, values: distinguish(action.values) } };
};

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

// What a program looks at, as another program that shows these events: an agent elsewhere runs that one, so that only they
// travel. The predicates go along where they mean the same there and cannot fail; else all events of the probe do.
import { printExpression } from './print-expression.js';
import type { Probe } from './probes.js';
import type { ClauseSyntax } from './program-syntax.js';
import { type Expression, getChildren } from './syntax.js';

/** What an agent takes over HTTP, with room for what else there is. */
const MAX_CHARACTERS = 3500;
const names = ['send', 'receive'] as const;

export function describeMessages(
  clauses: readonly ClauseSyntax[],
  probes: ReadonlyMap<number, Probe>,
): string {
  const describe = (withPredicates: boolean) =>
    names
      .map((name) =>
        describeProbe(
          name,
          clauses.filter((clause) => fires(clause, name, probes)),
          withPredicates,
        ),
      )
      .filter((text) => text !== '')
      .join('; ');
  const text = describe(true);
  return text.length <= MAX_CHARACTERS ? text : describe(false);
}

function fires({ probes }: ClauseSyntax, name: string, all: ReadonlyMap<number, Probe>): boolean {
  return probes.some(({ probes: numbers }) =>
    numbers.some((number) => all.get(number)?.provider === 'icmp' && all.get(number)?.name === name),
  );
}

/** An event that several clauses look at comes once. */
function describeProbe(name: string, clauses: readonly ClauseSyntax[], withPredicates: boolean): string {
  if (clauses.length === 0) return '';
  const predicates = clauses.flatMap(({ predicate }) => predicate ?? []);
  const isNarrow = withPredicates && predicates.length === clauses.length && predicates.every(isSafe);
  if (!isNarrow) return name;
  return `${name} /${predicates.map((predicate) => `(${printExpression(predicate)})`).join(' || ')}/`;
}

/** Whether it depends on the message alone, and no event can make it fail. */
function isSafe(node: Expression): boolean {
  switch (node.kind) {
    case 'integer':
      // A macro is known here alone.
      if (node.text.startsWith('$')) return false;
      break;
    case 'string':
      if (node.text !== undefined) return false;
      break;
    case 'field':
      // A header may be missing.
      if (!['csinfo', 'ipinfo', 'icmpinfo', ''].includes(node.field.struct)) return false;
      break;
    case 'unary':
      if (!['!', '~', '-', '+'].includes(node.operator)) return false;
      break;
    case 'binary':
      if (node.operator === '/' || node.operator === '%') return false;
      break;
    case 'address':
    case 'in':
    case 'conditional':
      break;
    default:
      return false;
  }
  return getChildren(node).every(isSafe);
}

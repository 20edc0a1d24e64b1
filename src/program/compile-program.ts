// The compiler: source -> parser -> passes -> closures. Everything that is wrong is said at once.
import type { Hook } from '../source/source.js';
import { compileCondition } from './closures/condition.js';
import { compileKey } from './closures/key.js';
import { compileValue } from './closures/value.js';
import type { Action, AggregationSpec, Clause, CompiledProgram } from './compiled.js';
import { Diagnostics, ProgramError } from './diagnostics.js';
import { parseProgram } from './parser.js';
import { passes } from './passes/index.js';
import type { ActionSyntax, ClauseSyntax } from './syntax.js';

/**
 * Compiles a program in the short form: `PROBES [/ PREDICATE /] [ACTION]`, clauses separated by `;`.
 *
 * @param options.hooks the probes that there are
 * @throws ProgramError with all that is wrong
 */
export function compileProgram(
  source: string,
  options: { readonly hooks: readonly Hook[] },
): CompiledProgram {
  const diagnostics = new Diagnostics();
  let clauses = parseProgram(source, diagnostics);
  for (const pass of passes) {
    clauses = clauses.map((clause) => pass(clause, { hooks: options.hooks, diagnostics }));
  }
  if (diagnostics.list.length > 0) throw new ProgramError(source, diagnostics.list);
  const aggregations: AggregationSpec[] = [];
  return {
    description: /^[^{/;]*/.exec(source)?.[0] ?? '',
    matched: clauses.flatMap(({ probes }) => probes.flatMap(({ hooks }) => hooks)).length,
    clauses: clauses.map((clause) => compileClause(clause, aggregations)),
    aggregations,
  };
}

function compileClause(clause: ClauseSyntax, aggregations: AggregationSpec[]): Clause {
  return {
    functions: new Set(clause.probes.flatMap(({ hooks }) => hooks)),
    predicate: clause.predicate && compileCondition(clause.predicate),
    action: compileAction(clause.action, aggregations),
  };
}

function compileAction(action: ActionSyntax, aggregations: AggregationSpec[]): Action {
  if (action.kind === 'count') {
    const spec = { name: '', function: 'count', keys: action.values.map(compileKey) } as const;
    return { kind: 'aggregate', aggregation: aggregations.push(spec) - 1 };
  }
  if (action.kind === 'event' || action.values.length === 0) return { kind: 'event' };
  return { kind: 'print', values: action.values.map(compileValue) };
}

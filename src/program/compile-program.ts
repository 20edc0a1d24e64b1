// The compiler: source -> parser -> passes -> closures. Everything that is wrong is said at once.
import type { Hook } from '../source/source.js';
import { createFiringState, type Surroundings, withSurroundings } from './closures/builtin.js';
import { compileCondition } from './closures/condition.js';
import { Scratch } from './closures/scratch.js';
import { StatementCompiler } from './closures/statement.js';
import { countDrops, createForgetting, isKeyed, isLasting } from './closures/variable.js';
import type { Clause, CompiledProgram, ProgramSource } from './compiled.js';
import { Diagnostics, ProgramError } from './diagnostics.js';
import { Macros, type MacroValues } from './macros.js';
import { describeMessages } from './message-filter.js';
import { parseProgram } from './parser.js';
import { passes } from './passes/index.js';
import { ProbeTable } from './probes.js';
import {
  type ClauseSyntax,
  getClauses,
  getExpressions,
  type OptionSyntax,
  type ProgramSyntax,
} from './program-syntax.js';
import { defaultOptions, type RuntimeOptions, setOption } from './runtime-options.js';
import { Symbols } from './symbols.js';
import { type Expression, someNode } from './syntax.js';

/** A program's text: in either form, or in both. */
export interface SourceText {
  readonly text: string;
  /** Of a script. */
  readonly path?: string | undefined;
}

export interface CompileOptions {
  /** The probes that there are. */
  readonly hooks: readonly Hook[];
  readonly macros?: MacroValues;
  /** A probe description may match nothing (-Z). */
  readonly mayMatchNothing?: boolean;
  /** strsize, unless the program sets it. */
  readonly stringBytes?: number | undefined;
}

/** @throws ProgramError with all that is wrong */
export function compileProgram(text: string, options: CompileOptions): CompiledProgram {
  return compilePrograms([{ text }], options);
}

/**
 * Compiles texts to one program: as with dtrace(1)'s several -n they share variables and aggregations.
 *
 * @throws ProgramError with all that is wrong in the first text where something is
 */
export function compilePrograms(texts: readonly SourceText[], options: CompileOptions): CompiledProgram {
  const probes = new ProbeTable(options.hooks);
  const symbols = new Symbols();
  const programs = texts.map(({ text }) => checkProgram(text, probes, symbols, options));
  const probesByNumber = new Map(probes.getAll().map((probe) => [probe.number, probe]));
  const pragmas = programs.flatMap(({ items }) => items.filter((item) => item.kind === 'option'));
  const surroundings: Surroundings = {
    probes: probesByNumber,
    firing: createFiringState(),
    stringBytes: findStringBytes(pragmas, options),
    scratch: new Scratch(),
  };
  const clauses = programs.flatMap(getClauses);
  const statements = new StatementCompiler(symbols);
  // In the order of the source, whatever is compiled first.
  for (const clause of clauses) declareAggregations(clause, statements);
  return {
    sources: programs.map((program, index) => describeSource(program, texts[index] as SourceText)),
    clauses: withSurroundings(surroundings, () =>
      clauses.map((clause) => clearFirst(clause, compileClause(clause, statements), surroundings.scratch)),
    ),
    aggregations: statements.getAggregations(),
    probes: probesByNumber,
    options: pragmas,
    firing: surroundings.firing,
    forgetLocals: createForgetting(symbols.getVariables()),
    describeMessages: () => describeMessages(clauses, probesByNumber),
    countVariableDrops: () => countDrops(symbols.getVariables()),
    hasKeyedVariables: symbols.getVariables().some(isKeyed),
    hasLastingVariables: symbols.getVariables().some(isLasting),
  };
}

function findStringBytes(
  pragmas: readonly OptionSyntax[],
  { stringBytes }: CompileOptions,
): number | undefined {
  const given: RuntimeOptions = { ...defaultOptions, stringBytes };
  return pragmas.reduce((all, { name, value }) => setOption(all, name, value), given).stringBytes;
}

function checkProgram(
  text: string,
  probes: ProbeTable,
  symbols: Symbols,
  { macros, mayMatchNothing = false }: CompileOptions,
): ProgramSyntax {
  const diagnostics = new Diagnostics();
  let program = parseProgram(text, diagnostics, new Macros(macros ?? { arguments: [] }));
  const context = { probes, symbols, mayMatchNothing, diagnostics };
  for (const pass of passes) program = pass(program, context);
  if (diagnostics.list.length > 0) throw new ProgramError(text, diagnostics.list);
  return program;
}

function describeSource(program: ProgramSyntax, { text, path }: SourceText): ProgramSource {
  const matched = getClauses(program).flatMap((clause) =>
    clause.probes.flatMap((probe) => probe.probes),
  ).length;
  const description = path ?? /^[^{/;]*/.exec(text)?.[0] ?? '';
  return { description, isScript: path !== undefined, matched };
}

function declareAggregations({ statements }: ClauseSyntax, compiler: StatementCompiler): void {
  for (const statement of statements) {
    if (statement.kind === 'aggregate' && statement.symbol !== undefined) compiler.declare(statement.symbol);
  }
}

function compileClause(clause: ClauseSyntax, statements: StatementCompiler): Clause {
  return {
    probes: new Set(clause.probes.flatMap(({ probes }) => probes)),
    predicate: clause.predicate && compileCondition(clause.predicate),
    statements: clause.statements.map((statement) => statements.compile(statement)),
  };
}

/** A clause that uses the memory finds it empty. */
function clearFirst(clause: ClauseSyntax, compiled: Clause, scratch: Scratch): Clause {
  if (!getExpressions(clause).some((root) => someNode(root, isMemory))) return compiled;
  const { predicate } = compiled;
  return {
    ...compiled,
    predicate: (record) => {
      scratch.clear();
      return predicate === undefined || predicate(record);
    },
  };
}

function isMemory(node: Expression): boolean {
  return node.kind === 'unary' ? node.operator === '*' : node.kind === 'call' && node.name === 'alloca';
}

// Pass: every variable that the program declares or assigns is known before names are resolved.
import { fields, findFields } from '../../event/fields.js';
import type { Diagnostics } from '../diagnostics.js';
import { type ClauseSyntax, type DeclarationSyntax, getClauses, mapStatement } from '../program-syntax.js';
import type { Symbols, Variable } from '../symbols.js';
import { type Expression, getChildren, type Type } from '../syntax.js';
import type { Pass } from './pass.js';

export const declareVariables: Pass = (program, { symbols, diagnostics }) => {
  for (const item of program.items) {
    if (item.kind === 'declaration') declare(item, symbols, diagnostics);
  }
  for (const clause of getClauses(program)) collectAssigned(clause, symbols);
  return program;
};

function declare(declaration: DeclarationSyntax, symbols: Symbols, diagnostics: Diagnostics): void {
  const { scope, name, type, span, keyTypes, inline } = declaration;
  if (inline !== undefined) return;
  if (keyTypes !== undefined && scope === 'this') {
    diagnostics.add(span, `this->${name} has no keys`, "expected 'self' or a global associative array");
    return;
  }
  const known = symbols.findVariable(scope, name);
  if (known !== undefined && known.type.kind !== 'unknown' && !isSameType(known, type, keyTypes)) {
    diagnostics.add(span, `'${name}' is declared already, with another type`);
    return;
  }
  const variable = symbols.makeVariable(scope, name);
  variable.type = type;
  variable.keyTypes = keyTypes;
}

function isSameType(known: Variable, type: Type, keyTypes: readonly Type[] | undefined): boolean {
  return JSON.stringify([known.type, known.keyTypes]) === JSON.stringify([type, keyTypes]);
}

/** In a block every name that is assigned is a variable; elsewhere a field keeps its name. */
function collectAssigned(clause: ClauseSyntax, symbols: Symbols): void {
  const collect = (node: Expression, isBlock: boolean): void => {
    for (const child of getChildren(node)) collect(child, isBlock);
    if (node.kind !== 'assignment' && node.kind !== 'update') return;
    const { target } = node;
    if (target.kind !== 'name' && target.kind !== 'index') return;
    const isField = target.scope === 'global' && !isBlock && findFields(target.name).length > 0;
    if (!isField) symbols.makeVariable(target.scope, target.name);
  };
  if (clause.predicate !== undefined) collect(clause.predicate, false);
  for (const statement of clause.statements) {
    mapStatement(statement, (expression) => {
      collect(expression, clause.form === 'block');
      return expression;
    });
  }
}

/** For messages: names that a misspelt one may have been. */
export const fieldNames: readonly string[] = [
  ...fields.map((field) => field.shortName).filter((name) => findFields(name).length === 1),
  ...fields.map((field) => field.name),
];

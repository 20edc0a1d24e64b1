// A program's tree as text that parses to the same tree.
import { printExpression, printList } from './print-expression.js';
import type {
  AggregateStatement,
  ClauseSyntax,
  DeclarationSyntax,
  ProgramSyntax,
  Statement,
} from './program-syntax.js';

export function printProgram({ items }: ProgramSyntax): string {
  return items
    .map((item) => {
      if (item.kind === 'clause') return `${printClause(item)}\n`;
      if (item.kind === 'declaration') return `${printDeclaration(item)}\n`;
      return `#pragma D option ${item.name}${item.value === undefined ? '' : `=${item.value}`}\n`;
    })
    .join('');
}

function printClause({ probes, predicate, form, statements }: ClauseSyntax): string {
  const head = probes.map(({ text }) => text).join(',');
  const condition = predicate === undefined ? '' : ` /${printExpression(predicate)}/`;
  if (form === 'block')
    return `${head}${condition} { ${statements.map((it) => `${printStatement(it)}; `).join('')}}`;
  const [action] = statements as [Statement];
  return `${head}${condition}${action.kind === 'event' ? '' : ` ${printAction(action)}`};`;
}

function printCall({ function: name, arguments: values }: AggregateStatement): string {
  return `${name}(${values.map(printExpression).join(', ')})`;
}

function printStatement(statement: Statement): string {
  if (statement.kind === 'expression') return printExpression(statement.expression);
  if (statement.kind !== 'aggregate') throw new TypeError(`no ${statement.kind} in a block`);
  return `${printExpression(statement.target)} = ${printCall(statement)}`;
}

function printAction(statement: Statement): string {
  if (statement.kind === 'print') return `print ${printList(statement.values)}`;
  if (statement.kind !== 'aggregate') throw new TypeError(`${statement.kind} is no action`);
  const { keys } = statement.target;
  const by = keys.length === 0 ? '' : ` by ${printList(keys)}`;
  return `${printCall(statement)}${by}${statement.top === undefined ? '' : ` top ${statement.top}`}`;
}

function printDeclaration(declaration: DeclarationSyntax): string {
  const { scope, name, typeName, keyTypes, keyTypeNames, inline } = declaration;
  const prefix = inline !== undefined ? 'inline ' : scope === 'global' ? '' : `${scope} `;
  const keys = keyTypes === undefined ? '' : `[${keyTypeNames.join(', ')}]`;
  const value = inline === undefined ? '' : ` = ${printExpression(inline)}`;
  return `${prefix}${typeName} ${name}${keys}${value};`;
}

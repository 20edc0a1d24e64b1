// Pass: inlines become the constants that they stand for, in the order of the source.
import { convert } from '../integer-type.js';
import type { DeclarationSyntax } from '../program-syntax.js';
import type { Expression } from '../syntax.js';
import { Checker } from './checker.js';
import { foldExpression } from './fold.js';
import type { Pass, PassContext } from './pass.js';
import { Resolver } from './resolve.js';

export const defineInlines: Pass = (program, context) => {
  for (const item of program.items) {
    if (item.kind === 'declaration' && item.inline !== undefined) define(item, item.inline, context);
  }
  return program;
};

function define(
  { name, type, span }: DeclarationSyntax,
  expression: Expression,
  { symbols, diagnostics }: PassContext,
): void {
  const resolved = new Resolver(symbols, diagnostics, true).resolve(expression);
  const value = foldExpression(new Checker(diagnostics).check(resolved), diagnostics);
  if (value.type.kind === 'unknown') return;
  if (type.kind === 'integer' && value.kind === 'integer') {
    symbols.setInline(name, { ...value, value: convert(value.value, type), text: name, type });
  } else if (type.kind === 'string' && value.kind === 'string') {
    symbols.setInline(name, { ...value, text: name });
  } else {
    diagnostics.add(
      span,
      `the inline '${name}' is not a constant of its type`,
      'expected a number or a string',
    );
  }
}

// `#pragma D option NAME[=VALUE]`; what DTrace's other pragmas say has no meaning here and is skipped.
import type { OptionSyntax } from './program-syntax.js';
import type { Span } from './syntax.js';
import { SyntaxFailure } from './token-stream.js';

const SKIPPED = /^#\s*(?:pragma\s+D\s+(?:attributes|binding|depends_on)\b|ident\b)/;
const OPTION = /^#\s*pragma\s+D\s+option\s+(\w+)(?:=("?)(.*?)\2)?\s*$/;

/**
 * @param text the line, from its `#` on
 * @throws SyntaxFailure where it is no pragma of D
 */
export function parsePragma({ start, end }: Span, text: string): OptionSyntax[] {
  if (SKIPPED.test(text)) return [];
  const match = OPTION.exec(text);
  const span = { start, end };
  if (match === null) {
    throw new SyntaxFailure(span, 'unknown control line', "expected '#pragma D option NAME[=VALUE]'");
  }
  return [{ kind: 'option', span, name: match[1] as string, value: match[3] }];
}

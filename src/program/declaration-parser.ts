// Declarations of variables and inlines; what else D declares is refused by name.
import type { ExpressionParser } from './expression-parser.js';
import type { DeclarationSyntax } from './program-syntax.js';
import type { Scope } from './syntax.js';
import { SyntaxFailure, type TokenStream } from './token-stream.js';
import { beginsType, parseTypeName, type TypeName } from './type-name.js';

const INT: TypeName = { type: { kind: 'integer', bytes: 4, signed: true }, text: 'int' };

interface Head {
  readonly scope: Scope;
  readonly isInline: boolean;
}

/** `[self|this|inline] TYPE name[keys], …;` at the cursor. */
export function parseDeclaration(stream: TokenStream, expressions: ExpressionParser): DeclarationSyntax[] {
  const head = parseHead(stream);
  const word = stream.peek('operator');
  const isTyped = word.kind === 'name' && beginsType(word.text);
  const typeName = isTyped ? parseTypeName(stream, 'operator') : INT;
  if (typeName.type.kind === 'void') throw new SyntaxFailure(word, 'a variable cannot be void');
  const declarations: DeclarationSyntax[] = [];
  do declarations.push(parseDeclarator(stream, expressions, head, typeName));
  while (stream.accept(','));
  stream.expect(';', 'behind the declaration');
  return declarations;
}

function parseHead(stream: TokenStream): Head {
  let scope: Scope | undefined;
  let isInline = false;
  for (;;) {
    const token = stream.peek('operator');
    const word = token.kind === 'name' ? token.text : '';
    if (word === 'self' || word === 'this') {
      if (scope !== undefined) {
        throw new SyntaxFailure(token, `a variable is '${scope}' or '${word}', not both`);
      }
      scope = word;
    } else if (word === 'inline') isInline = true;
    else if (word === '' || beginsType(word) || scope !== undefined || isInline) break;
    else throw new SyntaxFailure(token, `'${word}' declarations are not supported`);
    stream.take('operator');
  }
  return { scope: scope ?? 'global', isInline };
}

function parseDeclarator(
  stream: TokenStream,
  expressions: ExpressionParser,
  { scope, isInline }: Head,
  { type, text }: TypeName,
): DeclarationSyntax {
  const token = stream.peek('operator');
  if (token.kind !== 'name') stream.failExpecting('operator', "a variable's name");
  stream.take('operator');
  const keys = stream.accept('[') ? parseKeyTypes(stream) : undefined;
  const inline = isInline ? parseInline(stream, expressions) : undefined;
  if (!isInline && stream.sees('=')) {
    const hint = 'expected the value to be assigned in a clause, as in BEGIN';
    throw new SyntaxFailure(stream.peek('operator'), 'a declaration has no value', hint);
  }
  return {
    kind: 'declaration',
    span: { start: token.start, end: token.end },
    scope,
    name: token.text,
    type,
    typeName: text,
    keyTypes: keys?.map((key) => key.type),
    keyTypeNames: keys?.map((key) => key.text) ?? [],
    inline,
  };
}

function parseKeyTypes(stream: TokenStream): TypeName[] {
  const first = stream.peek('operator');
  if (first.kind === 'integer') {
    const hint = "expected the keys' types, as in 'int a[int]'";
    throw new SyntaxFailure(first, 'arrays of a fixed size are not supported', hint);
  }
  const keys: TypeName[] = [];
  do keys.push(parseTypeName(stream, 'operator'));
  while (stream.accept(','));
  stream.expect(']', "behind the keys' types");
  return keys;
}

function parseInline(stream: TokenStream, expressions: ExpressionParser) {
  stream.expect('=', "behind an inline's name");
  return expressions.parse();
}

// tracemem() in the check: what it can show of a record is a raw header and what follows it, or a string.
import { headerBytes } from '../../event/header-fields.js';
import type { Diagnostics } from '../diagnostics.js';
import type { CallNode, Expression } from '../syntax.js';
import { describeType, isText } from './checker.js';

const MAX_BYTES = 65_535n;

export function checkTracemem({ arguments: values }: CallNode, diagnostics: Diagnostics): void {
  const [address, size, shown] = values as [Expression, Expression, Expression | undefined];
  if (address.type.kind !== 'unknown' && !isText(address.type) && !isHeader(address)) {
    const hint = "expected a header, as in 'tracemem(args[4]->icmp_hdr, 64)'";
    diagnostics.add(address.span, `tracemem() takes a pointer, this is ${describeType(address.type)}`, hint);
  }
  if (
    size.type.kind !== 'unknown' &&
    (size.kind !== 'integer' || size.value <= 0n || size.value > MAX_BYTES)
  ) {
    const hint = `expected 1 to ${MAX_BYTES}`;
    diagnostics.add(size.span, 'the size of tracemem() is a constant number of bytes, at least 1', hint);
  }
  if (shown !== undefined && shown.type.kind !== 'integer' && shown.type.kind !== 'unknown') {
    diagnostics.add(shown.span, `argument 3 of tracemem() is a number, this is ${describeType(shown.type)}`);
  }
}

function isHeader(node: Expression): boolean {
  return node.kind === 'field' && headerBytes(node.field) !== undefined;
}

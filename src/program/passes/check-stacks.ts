// Pass: where stack() and ustack() may stand. BEGIN, END, ERROR and the timers fire in icmpprobe itself, between
// events, and have an empty one; a message's record has none.
import { type ClauseSyntax, getClauses, getExpressions } from '../program-syntax.js';
import { type Expression, getChildren } from '../syntax.js';
import type { Pass, PassContext } from './pass.js';

export const checkStacks: Pass = (program, context) => {
  for (const clause of getClauses(program)) {
    const ofMessages = firesForMessages(clause, context);
    for (const expression of getExpressions(clause)) checkNode(expression, ofMessages, context);
  }
  return program;
};

function firesForMessages({ probes }: ClauseSyntax, context: PassContext): boolean {
  const icmp = context.probes.getAll().filter(({ provider }) => provider === 'icmp');
  return probes.some((probe) => icmp.some(({ number }) => probe.probes.includes(number)));
}

function checkNode(node: Expression, ofMessages: boolean, context: PassContext): void {
  for (const child of getChildren(node)) checkNode(child, ofMessages, context);
  if (node.kind !== 'call' || node.type.kind !== 'stack') return;
  if (ofMessages) {
    const hint = 'BEGIN, END and timers have an empty one';
    context.diagnostics.add(node.span, `${node.name}() is not supported: a message has no stack`, hint);
  }
  for (const { kind, span, ...rest } of node.arguments) {
    if (kind === 'integer' && (rest as { value: bigint }).value > 0n) continue;
    context.diagnostics.add(span, `${node.name}() takes a constant number of frames, at least 1`);
  }
}

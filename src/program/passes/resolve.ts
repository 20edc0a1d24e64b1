// Pass: names and args[N]->members become fields and constants.
import type { Field } from '../../event/field.js';
import { fields, findFields } from '../../event/fields.js';
import { constants } from '../../event/names.js';
import { type Diagnostics, shorten } from '../diagnostics.js';
import { INT, LONG } from '../integer-type.js';
import { type Expression, type MemberNode, mapChildren, mapExpressions, type NameNode } from '../syntax.js';
import type { Pass } from './pass.js';

/** The structures that args[0] to args[4] point to (DTrace guide, icmp provider); args[3] is NULL. */
const argumentStructs: readonly (Field['struct'] | undefined)[] = [
  'pktinfo',
  'csinfo',
  'ipinfo',
  undefined,
  'icmpinfo',
];

const unsupportedVariables: ReadonlySet<string> = new Set(
  'execname cpu timestamp walltimestamp probeprov probemod probefunc probename zonename'.split(' '),
);

/** All names that stand for something, the short ones first: they are what is mostly written. */
const knownNames: readonly string[] = [
  ...fields.map((field) => field.shortName).filter((name) => findFields(name).length === 1),
  ...fields.map((field) => field.name),
  ...constants.keys(),
];

export const resolveNames: Pass = (clause, { diagnostics }) => {
  const resolve = (node: Expression): Expression => {
    if (node.kind === 'name') return resolveName(node, diagnostics);
    if (node.kind === 'member') return resolveMember(node, diagnostics);
    return mapChildren(node, resolve);
  };
  return mapExpressions(clause, resolve);
};

function resolveName(node: NameNode, diagnostics: Diagnostics): Expression {
  const { name, span } = node;
  const [field, ...others] = findFields(name);
  if (field !== undefined && others.length === 0) return { ...node, kind: 'field', field };
  const constant = constants.get(name);
  if (field !== undefined) {
    const meant = [field, ...others].map((candidate) => `'${candidate.name}'`).join(' or ');
    diagnostics.add(span, `'${name}' may be several fields`, `expected ${meant}`);
  } else if (constant !== undefined) {
    const type = constant < 2 ** 31 ? INT : LONG;
    return { kind: 'integer', value: BigInt(constant), text: name, span, type };
  } else if (unsupportedVariables.has(name)) {
    diagnostics.add(span, `the variable '${name}' is not supported yet`);
  } else if (name === 'args') {
    diagnostics.add(span, `'args' is not a value`, "expected as in 'args[4]->icmp_type'");
  } else {
    const what = /[a-z]/.test(name) ? 'field' : 'constant';
    diagnostics.addUnknown(span, `unknown ${what} '${shorten(name)}'`, name, knownNames);
  }
  return node;
}

function resolveMember(node: MemberNode, diagnostics: Diagnostics): Expression {
  const { member, span } = node;
  const index = Number(node.argument);
  const struct = argumentStructs[index];
  if (struct === undefined) {
    if (index === 3) diagnostics.add(span, 'args[3] is NULL, it has no members');
    else diagnostics.add(span, `there is no args[${node.argument}]`, 'expected args[0] to args[4]');
    return node;
  }
  const members = fields.filter((field) => field.struct === struct);
  const field = members.find((candidate) => candidate.name === member);
  if (field !== undefined) return { ...node, kind: 'field', field };
  if (member === undefined) {
    const example = `expected as in 'args[${index}]->${members[0]?.name}'`;
    diagnostics.add(span, `args[${index}] is a pointer to ${struct}_t, not a value`, example);
    return node;
  }
  const elsewhere = fields.find((candidate) => candidate.name === member);
  const home = elsewhere === undefined ? -1 : argumentStructs.indexOf(elsewhere.struct);
  if (home === -1) {
    const candidates = members.map((candidate) => candidate.name);
    diagnostics.addUnknown(span, `${struct}_t has no member '${shorten(member)}'`, member, candidates);
  } else {
    diagnostics.add(span, `${struct}_t has no member '${member}'`, `expected 'args[${home}]->${member}'`);
  }
  return node;
}

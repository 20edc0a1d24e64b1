// Pass: names and what stands behind them become fields, constants, variables and built-ins.
import type { Field } from '../../event/field.js';
import { fields, findFields } from '../../event/fields.js';
import { findHeaderMember, headerMembers } from '../../event/header-fields.js';
import { constants } from '../../event/names.js';
import {
  type CurrentPointer,
  currentPointers,
  fieldAliases,
  isBuiltin,
  unsupportedVariables,
} from '../builtins.js';
import { type Diagnostics, shorten } from '../diagnostics.js';
import { INT, LONG, POINTER } from '../integer-type.js';
import { mapClauses, mapExpressions } from '../program-syntax.js';
import type { Symbols } from '../symbols.js';
import {
  type Expression,
  type IndexNode,
  type IntegerType,
  type MemberNode,
  mapChildren,
  type NameNode,
} from '../syntax.js';
import { fieldNames } from './declare.js';
import type { Pass } from './pass.js';

/** The structures that args[0] to args[4] point to (DTrace guide, icmp provider); args[3] is NULL. */
const argumentStructs: readonly (Field['struct'] | undefined)[] = [
  'pktinfo',
  'csinfo',
  'ipinfo',
  undefined,
  'icmpinfo',
];

export const resolveNames: Pass = (program, { symbols, diagnostics }) =>
  mapClauses(program, (clause) => {
    const resolver = new Resolver(symbols, diagnostics, clause.form === 'block');
    return mapExpressions(clause, (root) => resolver.resolve(root));
  });

export class Resolver {
  readonly #symbols: Symbols;
  readonly #diagnostics: Diagnostics;
  /** In a block a variable hides a field, elsewhere a field hides a variable. */
  readonly #isBlock: boolean;

  constructor(symbols: Symbols, diagnostics: Diagnostics, isBlock: boolean) {
    this.#symbols = symbols;
    this.#diagnostics = diagnostics;
    this.#isBlock = isBlock;
  }

  resolve(node: Expression): Expression {
    if (node.kind === 'name') return this.#resolveName(node);
    if (node.kind === 'member') return this.#resolveMember(node);
    if (node.kind === 'index') return this.#resolveIndex(node);
    return mapChildren(node, (child) => this.resolve(child));
  }

  #resolveName(node: NameNode): Expression {
    const { name, scope, span } = node;
    const variable = this.#symbols.findVariable(scope, name);
    if (scope !== 'global') {
      if (variable === undefined) this.#explainUnassigned(node);
      return variable === undefined ? node : { ...node, kind: 'variable', variable, keys: [] };
    }
    if (variable !== undefined && this.#isBlock) return { ...node, kind: 'variable', variable, keys: [] };
    const known = this.#findKnown(node);
    if (known !== undefined) return known;
    if (variable !== undefined) return { ...node, kind: 'variable', variable, keys: [] };
    const current = currentPointers.get(name);
    if (current !== undefined) return this.#resolveCurrent(node, current);
    if (unsupportedVariables.has(name)) {
      this.#diagnostics.add(span, `the variable '${name}' is not supported`, 'no message has it');
    } else if (name === 'args') {
      this.#diagnostics.add(span, `'args' is not a value`, "expected as in 'args[4]->icmp_type'");
    } else this.#explainUnknown(node);
    return node;
  }

  /** A field, a constant, an inline or a built-in variable. */
  #findKnown(node: NameNode): Expression | undefined {
    const { name, span } = node;
    const inline = this.#symbols.findInline(name);
    if (inline !== undefined) return { ...inline, span };
    const [field, ...others] = findFields(fieldAliases.get(name) ?? name);
    if (field !== undefined && others.length > 0) {
      const meant = [field, ...others].map((candidate) => `'${candidate.name}'`).join(' or ');
      this.#diagnostics.add(span, `'${name}' may be several fields`, `expected ${meant}`);
      return node;
    }
    if (field !== undefined) return { ...node, kind: 'field', field };
    if (name === 'NULL') return { kind: 'integer', value: 0n, text: name, span, type: POINTER };
    const constant = constants.get(name);
    if (constant !== undefined) {
      const type = constant < 2 ** 31 ? INT : LONG;
      return { kind: 'integer', value: BigInt(constant), text: name, span, type };
    }
    return isBuiltin(name) ? { ...node, kind: 'builtin', builtin: name } : undefined;
  }

  /** `curthread`: a number that tells it from others stands for the pointer. */
  #resolveCurrent(node: NameNode, { struct, identity, members }: CurrentPointer): Expression {
    const { name, span, type } = node;
    if (identity === undefined) {
      const example = `expected a member, as in '${name}->${Object.keys(members)[0]}'`;
      this.#diagnostics.add(span, `${name} is a pointer to ${struct}, not a value`, example);
      return node;
    }
    const operand = this.#findKnown({ kind: 'name', scope: 'global', name: identity, span, type });
    const target: IntegerType = { ...POINTER, target: struct };
    return {
      kind: 'cast',
      target,
      typeName: `${struct} *`,
      operand: operand as Expression,
      text: name,
      span,
      type,
    };
  }

  #resolveCurrentMember(node: MemberNode, name: string, { struct, members }: CurrentPointer): Expression {
    const { member, span, type } = node;
    const meant = Object.hasOwn(members, member) ? members[member] : undefined;
    const known = meant && this.#findKnown({ kind: 'name', scope: 'global', name: meant, span, type });
    if (known) return known;
    const message = `${name}->${shorten(member)} is not supported`;
    const names = Object.keys(members).join(', ');
    this.#diagnostics.add(span, message, `of ${struct} a record has ${names}`);
    return node;
  }

  #explainUnassigned({ scope, name, span }: NameNode | IndexNode): void {
    const message = `'${scope}->${shorten(name)}' is not assigned anywhere`;
    this.#diagnostics.addUnknown(span, message, name, this.#symbols.variableNames(scope));
  }

  #explainUnknown({ name, span }: NameNode | IndexNode): void {
    const what = this.#isBlock ? 'name' : /[a-z]/.test(name) ? 'field' : 'constant';
    const names = [...fieldNames, ...this.#symbols.variableNames('global'), ...constants.keys()];
    this.#diagnostics.addUnknown(span, `unknown ${what} '${shorten(name)}'`, name, names);
  }

  #resolveIndex(node: IndexNode): Expression {
    const keys = node.keys.map((key) => this.resolve(key));
    const variable = this.#symbols.findVariable(node.scope, node.name);
    if (variable !== undefined) return { ...node, kind: 'variable', variable, keys };
    if (node.scope === 'global' && node.name === 'args') return this.#explainArgument({ ...node, keys });
    if (node.scope !== 'global') this.#explainUnassigned(node);
    else if (findFields(node.name).length > 0) this.#diagnostics.add(node.span, `'${node.name}' is no array`);
    else if (unsupportedVariables.has(node.name)) {
      this.#diagnostics.add(node.span, `the variable '${node.name}' is not supported`, 'no message has it');
    } else this.#explainUnknown(node);
    return node;
  }

  /** `args[N]` without a member. */
  #explainArgument(node: IndexNode): Expression {
    const struct = this.#findArgument(node);
    if (struct === undefined) return node;
    const members = fields.filter((field) => field.struct === struct);
    const index = argumentStructs.indexOf(struct);
    const example = `expected as in 'args[${index}]->${members[0]?.name}'`;
    this.#diagnostics.add(node.span, `args[${index}] is a pointer to ${struct}_t, not a value`, example);
    return node;
  }

  #findArgument({ keys, span }: IndexNode): Field['struct'] | undefined {
    const [key] = keys;
    if (key?.kind !== 'integer' || keys.length > 1) {
      // An unknown name has been said already.
      if (key?.kind !== 'name') {
        this.#diagnostics.add(span, 'args[] takes a number', 'expected args[0] to args[4]');
      }
      return undefined;
    }
    const struct = argumentStructs[Number(key.value)];
    if (key.value === 3n) this.#diagnostics.add(span, 'args[3] is NULL, it has no members');
    else if (struct === undefined) {
      this.#diagnostics.add(span, `there is no args[${key.text}]`, 'expected args[0] to args[4]');
    }
    return struct;
  }

  #resolveMember(node: MemberNode): Expression {
    const { operand } = node;
    if (operand.kind === 'index' && operand.name === 'args' && operand.scope === 'global') {
      const keys = operand.keys.map((key) => this.resolve(key));
      const struct = this.#findArgument({ ...operand, keys });
      return struct === undefined ? node : this.#resolveArgumentMember(node, struct);
    }
    if (operand.kind === 'name' && operand.scope === 'global') {
      const current = currentPointers.get(operand.name);
      const isHidden = this.#symbols.findVariable('global', operand.name) !== undefined;
      if (current !== undefined && !isHidden) return this.#resolveCurrentMember(node, operand.name, current);
    }
    const base = this.resolve(operand);
    if (base.kind !== 'field') {
      if (base.kind === 'name' || base.kind === 'index' || base.kind === 'member') return node;
      this.#diagnostics.add(node.span, 'this has no members', 'args[0] to args[4] and *_hdr fields have');
      return node;
    }
    return this.#resolveHeaderMember(node, base.field);
  }

  #resolveArgumentMember(node: MemberNode, struct: Field['struct']): Expression {
    const { member, span } = node;
    const members = fields.filter((field) => field.struct === struct);
    const field = members.find((candidate) => candidate.name === member);
    if (field !== undefined) return { kind: 'field', field, span, type: node.type };
    const elsewhere = fields.find((candidate) => candidate.name === member);
    const home = elsewhere === undefined ? -1 : argumentStructs.indexOf(elsewhere.struct);
    if (home === -1) {
      const candidates = members.map((candidate) => candidate.name);
      this.#diagnostics.addUnknown(
        span,
        `${struct}_t has no member '${shorten(member)}'`,
        member,
        candidates,
      );
    } else {
      this.#diagnostics.add(
        span,
        `${struct}_t has no member '${member}'`,
        `expected 'args[${home}]->${member}'`,
      );
    }
    return node;
  }

  #resolveHeaderMember(node: MemberNode, pointer: Field): Expression {
    const { member, span } = node;
    const field = findHeaderMember(pointer, member);
    if (field !== undefined) return { kind: 'field', field, span, type: node.type };
    const names = headerMembers(pointer).map(({ shortName }) => shortName);
    if (names.length === 0) this.#diagnostics.add(span, `'${pointer.name}' has no members`);
    else {
      this.#diagnostics.addUnknown(span, `${pointer.name} has no member '${shorten(member)}'`, member, names);
    }
    return node;
  }
}

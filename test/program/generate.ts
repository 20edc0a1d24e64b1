// Random programs as text, for fast-check: declared variables of every size and scope, associative arrays, casts,
// assignments inside of expressions, aggregations; and records for them.
import fc from 'fast-check';

export const declarations =
  'int a; unsigned char c; short h; long long l; uint64_t u; unsigned int w; string s;\n' +
  'this int t; this uint64_t tu; self int f; self long g[int];\nint m[int]; uint64_t n[string, char];\n';

const integers = 'a c h l u w this->t this->tu self->f ttl error_dport pid uid time'.split(' ');
const literals =
  "0 1 2 7 63 255 0xffffffff 2147483647 0x7fffffffffffffff 18446744073709551615u 3l 5u 'x' -1".split(' ');
const operators = '|| ^^ && | ^ & == != < <= > >= << >> + - * / %'.split(' ');
const compounds = '= += -= *= /= %= &= ^= |= <<= >>='.split(' ');
const types = ['char', 'unsigned char', 'short', 'uint16_t', 'int', 'unsigned int', 'long', 'uint64_t'];

const { integer, text } = fc.letrec<{ integer: string; text: string; target: string }>((tie) => ({
  target: fc.oneof(
    fc.constantFrom('a', 'c', 'h', 'l', 'u', 'w', 'this->t', 'this->tu', 'self->f'),
    tie('integer').map((key) => `m[${key}]`),
    tie('integer').map((key) => `self->g[${key}]`),
    fc.tuple(tie('text'), tie('integer')).map(([name, key]) => `n[${name}, ${key}]`),
  ),
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('"x"', '"é"', '""', 's', 'comm'),
    fc.tuple(tie('text'), tie('text')).map(([left, right]) => `strjoin(${left}, ${right})`),
    fc.tuple(tie('integer'), tie('text'), tie('text')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
  integer: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...integers, ...literals),
    tie('target'),
    fc
      .tuple(tie('integer'), fc.constantFrom(...operators), tie('integer'))
      .map(([a, b, c]) => `(${a} ${b} ${c})`),
    fc.tuple(fc.constantFrom('-', '~', '!', '+'), tie('integer')).map(([a, b]) => `${a}(${b})`),
    fc.tuple(tie('integer'), tie('integer'), tie('integer')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(fc.constantFrom(...types), tie('integer')).map(([a, b]) => `(${a})(${b})`),
    fc
      .tuple(tie('text'), fc.constantFrom('==', '!=', '<', '>='), tie('text'))
      .map((it) => `(${it.join(' ')})`),
    tie('text').map((it) => `strlen(${it})`),
    fc
      .tuple(fc.constantFrom('++', '--'), fc.constantFrom('a', 'c', 'u', 'this->t'))
      .map((it) => `(${it.join('')})`),
    fc
      .tuple(fc.constantFrom('l', 'h', 'self->f'), fc.constantFrom('++', '--'))
      .map((it) => `(${it.join('')})`),
  ),
}));

const target = fc.oneof(
  fc.constantFrom('a', 'c', 'h', 'l', 'u', 'w', 'this->t', 'this->tu', 'self->f'),
  integer.map((key) => `m[${key}]`),
);

const statement = fc.oneof(
  integer.map((value) => `trace(${value})`),
  text.map((value) => `trace(${value})`),
  text.map((value) => `s = ${value}`),
  fc.tuple(target, fc.constantFrom(...compounds), integer).map((it) => it.join(' ')),
  fc.constantFrom('n["x", 1]++', '--m[2]', 'self->g[ttl]++', 'this->t++'),
  integer.map((key) => `@counts[${key}] = count()`),
  fc.tuple(text, integer).map(([key, value]) => `@sums[${key}] = sum(${value})`),
  integer.map((value) => `@least = min(${value})`),
  integer.map((value) => `@most = max(${value})`),
  fc.tuple(integer, integer).map(([key, value]) => `@means[(char)(${key})] = avg(${value})`),
);

const clause = fc
  .tuple(fc.option(integer), fc.array(statement, { minLength: 1, maxLength: 5 }))
  .map(([predicate, statements]) => {
    const condition = predicate === null ? '' : ` /(${predicate})/`;
    return `send${condition} { ${statements.map((it) => `${it}; `).join('')}}`;
  });

/** A program without its declarations. */
export const clauses = fc.array(clause, { minLength: 1, maxLength: 4 }).map((all) => all.join('\n'));

const edge = (bits: number) => {
  const most = 2n ** BigInt(bits) - 1n;
  return fc.oneof(fc.bigInt(0n, most), fc.constantFrom(0n, 1n, 2n, most / 2n, most / 2n + 1n, most));
};

/** By the names in bpf/record.h. */
export const records = fc.array(
  fc.record({
    ip_ttl: edge(8),
    icmp_error_dport: edge(16),
    cs_pid: edge(32),
    cs_tid: fc.constantFrom(1n, 2n),
    cs_uid: edge(32),
    time: edge(64),
    cs_comm: fc.constantFrom('', 'x', 'ping', 'é'),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Short clauses and what else stands in programs, for printing and parsing again. */
export const shortClauses = fc
  .tuple(
    fc.constantFrom('send', 'icmp:::receive', 'send,receive', '*:*:a?b*:[!x]y', 'tick-5s', 'BEGIN'),
    fc.option(integer),
    fc.oneof(
      fc.constant(''),
      fc.constantFrom('count', 'print', 'count top 5'),
      integer.map((value) => `sum(${value})`),
      fc.tuple(integer, integer, text).map(([a, b, c]) => `quantize(${a}) by ${b}, ${c} top 3`),
      fc.tuple(integer, text).map(([a, b]) => `print ${a}, ${b}`),
    ),
  )
  .map(([probe, predicate, action]) => `${probe}${predicate === null ? '' : ` /(${predicate})/`} ${action};`);

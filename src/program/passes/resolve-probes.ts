// Pass: probe descriptions become the hooks that they match.
import type { Hook } from '../../source/source.js';
import { shorten } from '../diagnostics.js';
import { matchesGlob } from '../glob.js';
import type { ProbeSyntax } from '../syntax.js';
import type { Pass, PassContext } from './pass.js';

const PROVIDER = 'icmp';

/** Probes of D that are no messages. */
const UNSUPPORTED = /^(?:BEGIN|END|ERROR|(?:tick|profile)-.*)$/;

export const resolveProbes: Pass = (clause, context) => ({
  ...clause,
  probes: clause.probes.map((probe) => resolveProbe(probe, context)),
});

function resolveProbe(probe: ProbeSyntax, { hooks, diagnostics }: PassContext): ProbeSyntax {
  const parts = probe.text.split(':', 5);
  if (parts.length > 4) {
    diagnostics.add(
      probe.span,
      'a probe description has at most four parts',
      'expected provider:module:function:name',
    );
    return probe;
  }
  const matched = hooks.filter((hook) => matchesHook(parts, hook));
  if (matched.length === 0) {
    const unsupported = UNSUPPORTED.test(parts.at(-1) as string);
    const shown = shorten(probe.text);
    if (unsupported) diagnostics.add(probe.span, `the probe '${shown}' is not supported yet`);
    else diagnostics.add(probe.span, `'${shown}' matches no probe`, listProbes(hooks));
  }
  return { ...probe, hooks: matched.map((hook) => hook.id) };
}

/** As in DTrace, missing parts are missing on the left, and an empty part matches everything. */
function matchesHook(parts: readonly string[], hook: Hook): boolean {
  const names = [PROVIDER, hook.module, hook.function, hook.probe].slice(4 - parts.length);
  return names.every((name, index) => {
    const pattern = parts[index] as string;
    return pattern === '' || matchesGlob(pattern, name);
  });
}

function listProbes(hooks: readonly Hook[]): string {
  const names = hooks.map((hook) => `${PROVIDER}:${hook.module}:${hook.function}:${hook.probe}`);
  return names.length === 0 ? 'there are no probes' : `there are ${names.join(', ')}`;
}

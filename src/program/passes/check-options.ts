// Pass: `#pragma D option` names an option and a value that it takes.
import { shorten } from '../diagnostics.js';
import { defaultOptions, OptionError, optionNames, setOption } from '../runtime-options.js';
import type { Pass } from './pass.js';

export const checkOptions: Pass = (program, { diagnostics }) => {
  for (const item of program.items) {
    if (item.kind !== 'option') continue;
    try {
      setOption(defaultOptions, item.name, item.value);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      if (optionNames.includes(item.name)) diagnostics.add(item.span, error.message);
      else
        diagnostics.addUnknown(item.span, `unknown option '${shorten(item.name)}'`, item.name, optionNames);
    }
  }
  return program;
};

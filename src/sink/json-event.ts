// An event in JSON: the structures' members under their own names, from the field table. A template is made
// for each type of message when its first one comes; the rest only fill it in.
import type { Field } from '../event/field.js';
import { fields } from '../event/fields.js';
import { functionNames, probeNames } from '../event/names.js';
import { offsets } from '../event/offsets.gen.js';
import { hasField, readField } from '../event/read-field.js';
import type { RecordView } from '../event/record-view.js';
import { formatTime } from '../event/time.js';
import { formatJson } from './json-value.js';

const structs = ['pktinfo', 'csinfo', 'ipinfo', 'icmpinfo'] as const;
const TYPES = 256;

/** A field, and what stands in front of its value. */
interface Member {
  readonly literal: string;
  readonly field: Field;
}

export class EventWriter {
  /** By version and type. */
  readonly #templates: (readonly Member[] | undefined)[] = [];

  /** One event, without a newline. */
  format(record: RecordView): string {
    const { u8, u16, base } = record;
    const probe = probeNames[u8[base + offsets.probe.offset] as number];
    const name = functionNames[u8[base + offsets.function.offset] as number];
    const time = record.u64[(base + offsets.time.offset) >> 3] as bigint;
    const cpu = u16[(base + offsets.cpu.offset) >> 1];
    let text = `{"type":"event","probe":"icmp:::${probe}","function":"${name}","time":"${formatTime(time)}","cpu":${cpu}`;
    for (const { literal, field } of this.#findTemplate(record)) {
      text += literal + formatJson(readField(record, field), field.type);
    }
    return `${text}}`;
  }

  #findTemplate(record: RecordView): readonly Member[] {
    const { u8, base } = record;
    const version = u8[base + offsets.icmp_version.offset] as number;
    const index = version * TYPES + (u8[base + offsets.icmp_type.offset] as number);
    const known = this.#templates[index];
    if (known !== undefined) return known;
    const template = createTemplate(fields.filter((field) => hasField(record, field)));
    this.#templates[index] = template;
    return template;
  }
}

/** The structures, then what stands beside them; the time is in the event's head. */
function createTemplate(present: readonly Field[]): Member[] {
  const template: Member[] = [];
  let close = '';
  for (const struct of structs) {
    let open = `${close},"${struct}":{`;
    for (const field of present.filter((candidate) => candidate.struct === struct)) {
      template.push({ literal: `${open}"${field.name}":`, field });
      open = ',';
    }
    close = '}';
  }
  for (const field of present.filter(({ struct, name }) => struct === '' && name !== 'time')) {
    template.push({ literal: `${close},"${field.name}":`, field });
    close = '';
  }
  return template;
}

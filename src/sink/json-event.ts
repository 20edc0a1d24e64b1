// An event in JSON: the structures' members under their own names, from the field table. A template is made
// for each type of message when its first one comes; the rest only fill it in.
import type { Field } from '../event/field.js';
import { fields } from '../event/fields.js';
import { functionNames, probeNames } from '../event/names.js';
import { offsets } from '../event/offsets.gen.js';
import { hasField } from '../event/read-field.js';
import type { RecordView } from '../event/record-view.js';
import { formatTimeWords } from '../event/time.js';
import { createFieldWriter, type FieldWriter } from './json-field.js';

const structs = ['pktinfo', 'csinfo', 'ipinfo', 'icmpinfo'] as const;
const TYPES = 256;

/** A field's value, and what stands in front of it. */
interface Member {
  readonly literal: string;
  readonly write: FieldWriter;
}

export class EventWriter {
  /** By version and type. */
  readonly #templates: (readonly Member[] | undefined)[] = [];

  /** One event, without a newline. */
  format(record: RecordView): string {
    let text = formatHead(record);
    for (const { literal, write } of this.#findTemplate(record)) text += literal + write(record);
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

function formatHead({ u8, u16, u32, base }: RecordView): string {
  const probe = probeNames[u8[base + offsets.probe.offset] as number];
  const name = functionNames[u8[base + offsets.function.offset] as number];
  const word = (base + offsets.time.offset) >> 2;
  const time = formatTimeWords(u32[word] as number, u32[word + 1] as number);
  const cpu = u16[(base + offsets.cpu.offset) >> 1];
  return `{"type":"event","probe":"icmp:::${probe}","function":"${name}","time":"${time}","cpu":${cpu}`;
}

/** The structures, then what stands beside them; the time is in the event's head. */
function createTemplate(present: readonly Field[]): Member[] {
  const template: Member[] = [];
  const append = (open: string, members: readonly Field[]) => {
    for (const [index, field] of members.entries()) {
      template.push({
        literal: `${index === 0 ? open : ','}"${field.name}":`,
        write: createFieldWriter(field),
      });
    }
  };
  for (const [index, struct] of structs.entries()) {
    const members = present.filter((field) => field.struct === struct);
    append(`${index === 0 ? '' : '}'},"${struct}":{`, members);
  }
  append(
    '},',
    present.filter(({ struct, name }) => struct === '' && name !== 'time'),
  );
  return template;
}

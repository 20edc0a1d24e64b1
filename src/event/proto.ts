// proto/icmpprobe.proto, for who writes events (src/sink/protobuf.ts) and who reads them (src/source/recording.ts).
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type protobuf from 'protobufjs';

/** Of what this code writes, and the highest that it reads. */
export const RECORDING_VERSION = 1;

export const RECORDING_MAGIC = 'icmpprobe recording';

export interface Proto {
  readonly header: protobuf.Type;
  readonly event: protobuf.Type;
}

let loaded: Proto | undefined;

/** Loaded when it is first needed: most runs need none of it. */
export function loadProto(): Proto {
  if (loaded === undefined) {
    const { Root } = createRequire(import.meta.url)('protobufjs') as typeof protobuf;
    const path = fileURLToPath(new URL('../../proto/icmpprobe.proto', import.meta.url));
    const root = new Root().loadSync(path, { keepCase: true });
    loaded = {
      header: root.lookupType('icmpprobe.v1.RecordingHeader'),
      event: root.lookupType('icmpprobe.v1.ProbeEvent'),
    };
  }
  return loaded;
}

/** 64 bits as protobufjs takes and gives them, without a bigint. */
export interface Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

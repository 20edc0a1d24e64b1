// The addon under use and misuse: two instances, workers, close while polling, close twice, exit without close.
import { execFileSync, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { offsets, RECORD_BYTES, RECORD_VERSION } from '../../src/event/offsets.gen.js';
import { checkRecordVersion, loadAddon } from '../../src/source/addon.js';
import { listFollowers, readDescriptors } from '../kernel/harness/bpf-objects.js';

const options = { backend: 'netfilter', ringBytes: 1 << 16, followNamespaces: false, inode: 0 } as const;
const addon = loadAddon();

const fail = (error: Error) => {
  throw error;
};

/** Descriptors of this process and of those that follow namespaces for it, and which BPF objects are among them: a leak of either shows here. */
function countDescriptors(): Record<'all' | 'links' | 'programs' | 'maps', number> {
  const counts = { all: 0, links: 0, programs: 0, maps: 0 };
  for (const text of [process.pid, ...listFollowers(process.pid)].flatMap(readDescriptors)) {
    counts.all++;
    if (/^link_id:/m.test(text)) counts.links++;
    else if (/^prog_id:/m.test(text)) counts.programs++;
    else if (/^map_id:/m.test(text)) counts.maps++;
  }
  return counts;
}

const linkIds = (): number[] =>
  (JSON.parse(execFileSync('bpftool', ['--json', 'link', 'show']).toString()) as { id: number }[]).map(
    ({ id }) => id,
  );
const pingLocalhost = (count: number) =>
  execFileSync('ping', ['-q', '-c', String(count), '-i', '0.01', '127.0.0.1']);

function startCounting(): { tracer: InstanceType<typeof addon.Tracer>; bytes: () => number } {
  const tracer = new addon.Tracer(options);
  let bytes = 0;
  tracer.attach();
  const onBatch = (count: number) => {
    bytes += count;
  };
  tracer.start(new ArrayBuffer(1 << 16), onBatch, fail);
  return { tracer, bytes: () => bytes };
}

describe('the record', () => {
  it('has the layout that the offsets were generated for', () => {
    expect(addon.recordVersion).toBe(RECORD_VERSION);
    expect(addon.recordBytes).toBe(RECORD_BYTES);
    const generated: Readonly<Record<string, { offset: number; size: number }>> = offsets;
    for (const [name, place] of Object.entries(addon.recordOffsets))
      expect(generated[name], name).toEqual(place);
  });

  it('is refused in another version', () => {
    const wrong = `version ${RECORD_VERSION + 1}, this code reads ${RECORD_VERSION}: run`;
    expect(() => checkRecordVersion(RECORD_VERSION + 1)).toThrow(wrong);
  });
});

describe('a tracer', () => {
  it('lets two of its kind see the same messages', () => {
    const [first, second] = [startCounting(), startCounting()];
    pingLocalhost(3);
    for (const { tracer } of [first, second]) {
      tracer.detach();
      tracer.drain();
    }
    expect(first.bytes()).toBeGreaterThan(0);
    expect(second.bytes()).toBe(first.bytes());
    first.tracer.close();
    second.tracer.close();
  });

  it('can be closed twice, and says so when it is used after that', () => {
    const { tracer } = startCounting();
    tracer.close();
    tracer.close();
    expect(() => tracer.attach()).toThrow(expect.objectContaining({ code: 'ERR_PROBE_CLOSED' }));
    expect(() => tracer.losses()).toThrow(expect.objectContaining({ code: 'ERR_PROBE_CLOSED' }));
    expect(tracer.unreachable()).toEqual([]);
    tracer.drain();
  });

  it('can be closed by the callback that it is calling', async () => {
    const tracer = new addon.Tracer(options);
    tracer.attach();
    const closed = new Promise<void>((resolve) => {
      const onBatch = () => {
        tracer.close();
        resolve();
      };
      tracer.start(new ArrayBuffer(1 << 16), onBatch, fail);
    });
    pingLocalhost(3);
    await closed;
  });

  it('leaves no descriptor, program or link behind after 20 starts and stops', async () => {
    const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
    startCounting().tracer.close();
    await settled();
    const before = countDescriptors();
    for (let i = 0; i < 20; i++) {
      const tracer = new addon.Tracer({ ...options, followNamespaces: i % 2 === 0 });
      tracer.attach();
      tracer.start(new ArrayBuffer(1 << 16), () => {}, fail);
      tracer.close();
    }
    await settled();
    expect(countDescriptors()).toEqual(before);
  });

  it('attaches all of its links or none: the third one finds no descriptor left', () => {
    const script = `
      import { createRequire } from 'node:module';
      import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
      const { Tracer } = createRequire('${import.meta.filename}')('../../dist/icmpprobe.node');
      const tracer = new Tracer({ backend: 'netfilter', ringBytes: 65536, followNamespaces: false, inode: 0 });
      const taken = [];
      try { for (;;) taken.push(openSync('/dev/null')); } catch {}
      for (const fd of taken.splice(-2)) closeSync(fd);
      let refusal = {};
      try { tracer.attach(); } catch (error) { refusal = error; }
      for (const fd of taken) closeSync(fd);
      const links = readdirSync('/proc/self/fd').filter((fd) => {
        try { return readlinkSync('/proc/self/fd/' + fd).includes('bpf_link'); } catch { return false; }
      });
      console.log(JSON.stringify({ code: refusal.code, errno: refusal.errno, links: links.length }));`;
    const command = `ulimit -n 200; exec ${process.execPath} --input-type=module -e "$SCRIPT"`;
    const stdout = execFileSync('sh', ['-c', command], { env: { ...process.env, SCRIPT: script } });
    expect(JSON.parse(stdout.toString())).toEqual({
      code: 'ERR_PROBE_ATTACH',
      errno: constants.errno.EMFILE,
      links: 0,
    });
  });

  it('says the code, errno and the kernel’s last words when it is refused', () => {
    const script = `
      const { Tracer } = createRequire('${import.meta.filename}')('../../dist/icmpprobe.node');
      try {
        new Tracer({ backend: 'netfilter', ringBytes: 65536, followNamespaces: false, inode: 0 });
      } catch ({ code, errno, log }) {
        console.log(JSON.stringify({ code, errno, log }));
      }`;
    const command = `exec ${process.execPath} --input-type=module -e "$SCRIPT"`;
    const stdout = execFileSync('capsh', ['--drop=cap_bpf,cap_sys_admin', '--', '-c', command], {
      env: { ...process.env, SCRIPT: `import { createRequire } from 'node:module';${script}` },
    });
    expect(JSON.parse(stdout.toString())).toEqual({
      code: 'ERR_PROBE_LOAD',
      errno: constants.errno.EPERM,
      log: expect.stringMatching(/Operation not permitted/),
    });
  });
});

const workerScript = (end: string) => `
  import { createRequire } from 'node:module';
  const { Tracer } = createRequire('${import.meta.filename}')('../../dist/icmpprobe.node');
  const tracer = new Tracer({ backend: 'netfilter', ringBytes: 65536, followNamespaces: true, inode: 0 });
  tracer.attach();
  tracer.start(new ArrayBuffer(65536), () => {}, () => {});
  ${end}`;

describe('an environment that ends without close()', () => {
  it('is a worker that is terminated while polling', async () => {
    const before = countDescriptors();
    const script = workerScript("(await import('node:worker_threads')).parentPort.postMessage('on');");
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    expect(countDescriptors().links).toBeGreaterThan(before.links);
    await worker.terminate();
    expect(countDescriptors()).toEqual(before);
  });

  it('is a process that exits', () => {
    const script = workerScript(`
      const { readdirSync, readFileSync } = await import('node:fs');
      const follower = readFileSync('/proc/thread-self/children', 'utf8').trim();
      const folder = '/proc/' + follower + '/fdinfo/';
      const texts = readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'));
      console.log(texts.flatMap((text) => /^link_id:\\s*(\\d+)/m.exec(text)?.[1] ?? []).join(' '));
      process.exit(7);`);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    expect(stderr.toString()).toBe('');
    expect(status).toBe(7);
    const ids = stdout.toString().trim().split(' ').map(Number);
    expect(ids.length).toBeGreaterThanOrEqual(4);
    const left = linkIds();
    expect(ids.filter((id) => left.includes(id))).toEqual([]);
  });
});

// Whose cgroup and container: of a process in a cgroup that the test makes, in each hierarchy that this host uses.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, type TestContext, test } from 'vitest';
import { backends } from './harness/backends.js';
import { requireRootAndTools, skip } from './harness/command.js';
import { Laboratory, type Namespace, quote } from './harness/namespaces.js';
import { program } from './harness/probe.js';

const laboratory = new Laboratory();
const container = '9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d';
const below = `icmpprobe-test-${process.pid}.slice/docker-${container}.scope/a b\\x2d`;
let host: Namespace;
let folder: string;
/** Where there are cgroups of ours, and a mount of ours. */
let made: string | undefined;
let mounted: string | undefined;

beforeAll(async () => {
  host = await laboratory.createNamespace('host');
});
afterAll(() => laboratory.dispose());
beforeEach((context) => {
  requireRootAndTools(context, 'ip', 'python3', 'ping', 'setpriv');
  folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
});
afterEach(() => {
  if (made !== undefined) removeCgroup(made);
  if (mounted !== undefined) execFileSync('umount', [mounted]);
  made = mounted = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const hierarchies = { 'cgroup v1': ['cgroup', 'memory'], 'cgroup v2': ['cgroup2'] } as const;
type Hierarchy = keyof typeof hierarchies;

/** Where a hierarchy is mounted; we mount it where it is not. */
function findMount(context: TestContext, hierarchy: Hierarchy): string {
  const [type, controller] = hierarchies[hierarchy];
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const mount = mounts
    .map((line) => line.split(' '))
    .find(
      ([, , kind, options]) => kind === type && (!controller || options?.split(',').includes(controller)),
    );
  if (mount !== undefined) return mount[1] as string;
  const point = path.join(folder, type);
  mkdirSync(point);
  const options = controller === undefined ? [] : ['-o', controller];
  const { status, stderr } = spawnSync('mount', ['-t', type, ...options, 'none', point], {
    encoding: 'utf8',
  });
  if (status !== 0) skip(context, `this kernel has no ${hierarchy} to spare: ${stderr.trim()}`);
  mounted = point;
  return point;
}

function makeCgroup(mount: string): string {
  made = mount;
  const folder = path.join(mount, below);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The cgroup and those above it, which rmdir(2) alone removes. */
function removeCgroup(mount: string): void {
  for (let name = below; name !== '.'; name = path.dirname(name)) {
    if (existsSync(path.join(mount, name))) rmdirSync(path.join(mount, name));
  }
}

interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(runner: readonly string[], ...argv: string[]): Promise<Result> {
  const [file = '', ...line] = [...runner, process.execPath, program, '-q', ...argv];
  return new Promise((resolve) => {
    execFile(file, line, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** In the cgroup, a process whose datagram is refused, and one that asks for an echo. */
function traffic(cgroup: string): string {
  const script = `
    echo $$ >${quote(`${cgroup}/cgroup.procs`)}
    python3 -c 'import socket; socket.socket(2, 2).sendto(b"x", ("127.0.0.1", 9))'
    ping -q -c 1 127.0.0.1 >/dev/null`;
  // Unlike `ip netns exec` it leaves /sys as it is.
  return `nsenter --net=/run/netns/${host.name} sh -c ${quote(script)}`;
}

/** The echo request's send; its reply and the error, received. */
const question = () =>
  `send,receive /pid != 0 && zoneid == ${host.inode}/ count by probename, cgroup, container`;
/** Text from outside is escaped on a terminal. */
const shown = [
  ['send', '1'],
  ['receive', '2'],
].map(([probe, count]) => [probe, `/${below}`.replaceAll('\\', '\\\\'), container, count]);

const readRows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^ {2}(\S+) +(.*?) +(\S+) +(\d+)$/.exec(line)?.slice(1));

/** Without CAP_DAC_READ_SEARCH the mount is searched. */
const runners: [string, readonly string[]][] = [
  ['', []],
  ['without CAP_DAC_READ_SEARCH, ', ['setpriv', '--bounding-set=-dac_read_search']],
];

for (const backend of backends) {
  for (const hierarchy of Object.keys(hierarchies) as Hierarchy[]) {
    for (const [limit, runner] of runners) {
      test(`${backend}: ${limit}${hierarchy}: cs_cgroup and cs_container, live and replayed`, async (context) => {
        const mount = findMount(context, hierarchy);
        const cgroup = makeCgroup(mount);
        const [file, again] = [path.join(folder, 'recording'), path.join(folder, 'again')];
        const live = await run(
          runner,
          '--backend',
          backend,
          '-w',
          file,
          '-n',
          question(),
          '-c',
          traffic(cgroup),
        );
        expect(live).toMatchObject({ status: 0, stderr: '' });
        expect(readRows(live.stdout)).toEqual(shown);
        // Whoever reads it has no such cgroup.
        const id = statSync(cgroup, { bigint: true }).ino;
        removeCgroup(mount);
        expect(await run([], '-r', file, '-w', again, '-n', question())).toEqual(live);
        // Recorded anew, too.
        const tracee = await run([], '-r', again, '-f', 'tracee', '-n', 'receive /type == 3/');
        expect(tracee.stdout).toContain(`"cgroupId":${id},`);
        expect(tracee.stdout).toContain(`"containerId":"${container}","container":{"id":"${container}"}`);
      });
    }
  }
}

test('a predicate and D: the events of one cgroup, in JSON', async (context) => {
  const mount = findMount(context, 'cgroup v2');
  const short = `receive /cgroup == "/${below.replaceAll('\\', '\\\\')}" && type == 3/`;
  const long = `icmp:::receive /args[1]->cs_container == "${container}"/ { @[args[1]->cs_cgroup] = count(); }`;
  const line = ['-f', 'json', '-n', short, '-n', long, '-c', traffic(makeCgroup(mount))];
  const { stdout, stderr } = await run([], ...line);
  const [event, aggregation] = stdout.split('\n').flatMap((text) => (text === '' ? [] : [JSON.parse(text)]));
  expect(stderr).toBe('');
  expect(event.csinfo).toMatchObject({ cs_cgroup: `/${below}`, cs_container: container });
  expect(aggregation).toMatchObject({ keys: { cs_cgroup: `/${below}` }, value: 2 });
});

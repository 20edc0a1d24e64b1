// A real systemd, the first process of a PID namespace, with no units but those that a test gives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProgram, waitUntil } from './command.js';

/** What every unit waits for. */
const targets = ['sysinit', 'basic', 'network', 'shutdown', 'multi-user'];
const START_MS = 120_000;

export class Systemd {
  readonly #units = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  readonly #parent: ChildProcess;

  /** @param units paths of their files */
  static async boot(...units: readonly string[]): Promise<Systemd> {
    const systemd = new Systemd(units);
    const isRunning = () =>
      systemd.control('is-system-running').then(
        () => true,
        () => false,
      );
    await waitUntil('systemd runs', isRunning, START_MS);
    return systemd;
  }

  private constructor(units: readonly string[]) {
    for (const target of targets) writeFileSync(path.join(this.#units, `${target}.target`), '[Unit]\n');
    for (const unit of units) copyFileSync(unit, path.join(this.#units, path.basename(unit)));
    mkdirSync('/run/systemd', { recursive: true });
    const isolate = ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--uts', '--mount-proc'];
    const manager = ['/lib/systemd/systemd', '--system', '--unit=multi-user.target', '--show-status=no'];
    const [command = '', ...line] = [...isolate, 'env', 'container=other', ...manager];
    const env = { ...process.env, SYSTEMD_UNIT_PATH: this.#units };
    this.#parent = spawn(command, line, { stdio: 'ignore', env });
  }

  /** Runs systemctl. @returns what it says. @throws Error unless it ends well */
  control(...line: readonly string[]): Promise<string> {
    const { pid } = this.#parent;
    const child = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const enter = ['nsenter', `--target=${child}`, '--mount', '--pid', '--uts', '--root'];
    return runProgram([...enter, 'env', 'SYSTEMD_IGNORE_CHROOT=1', 'systemctl', '--no-pager', ...line]);
  }

  /** It and all that it runs. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#parent.once('close', resolve));
    this.#parent.kill('SIGKILL');
    await closed;
    rmSync(this.#units, { recursive: true });
  }
}

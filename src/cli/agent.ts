// `icmpprobe agent`: runs until it is told to stop.
import { Command, InvalidArgumentError } from 'commander';
import { Agent } from '../agent/agent.js';
import { type AgentConfig, DEFAULT_PORT, loadConfig } from '../agent/config/agent-config.js';
import { type ListenAddress, parseListenAddress } from '../agent/config/scalars.js';
import { dropPrivileges } from '../agent/privileges.js';
import { ServiceManager } from '../agent/service-manager.js';
import type { WebConfig } from '../agent/web/web-config.js';
import { KernelSource } from '../source/kernel.js';
import { ReplaySource } from '../source/replay.js';
import { replayHooks } from '../source/replay-hooks.js';
import { say } from './trace.js';

interface AgentArguments {
  readonly config: string | undefined;
  readonly listen: ListenAddress | undefined;
}

function parseListen(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address === undefined) {
    throw new InvalidArgumentError(`expected ADDRESS:PORT, such as 127.0.0.1:${DEFAULT_PORT}.`);
  }
  return address;
}

function parseArguments(argv: readonly string[]): AgentArguments {
  const options = new Command('icmpprobe agent')
    .description('Serve metrics for Prometheus and live streams of events over HTTP, until told to stop.')
    .option('--config <file>', 'the configuration, YAML; read again on SIGHUP and POST /-/reload')
    .option(
      '--listen <address:port>',
      `where to listen, whatever the configuration says (default: 127.0.0.1:${DEFAULT_PORT})`,
      parseListen,
    )
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<{ config?: string; listen?: ListenAddress }>();
  return { config: options.config, listen: options.listen };
}

/** @returns the exit status, once it has stopped */
export async function runAgent(argv: readonly string[]): Promise<number> {
  const { config: file, listen } = parseArguments(argv);
  // First of all what is wrong with it, whatever probes there turn out to be.
  const given = loadConfig(file, { hooks: replayHooks, listen });
  const manager = new ServiceManager(process.env.NOTIFY_SOCKET, say);
  const { source, backend } = openSource(given);
  const config = loadConfig(file, { hooks: source.hooks, listen });
  const readConfig = (): AgentConfig => loadConfig(file, { hooks: source.hooks, listen, running: config });
  return new Promise((resolve, reject) => {
    const agent = new Agent({
      config,
      source,
      backend,
      readConfig,
      say,
      dropPrivileges: () => dropPrivileges(config.user),
      onError: (error) => fail(error),
    });
    const fail = (error: Error) => {
      const end = () => reject(error);
      agent.stop().then(end, end);
    };
    const stop = () => {
      manager.tell('STOPPING=1');
      agent.stop().then(() => resolve(0), reject);
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
    process.on('SIGHUP', () => {
      const { error } = agent.reload();
      say(error === undefined ? 'reloaded' : `not reloaded, the configuration stays as it was:\n${error}`);
    });
    agent.start().then(({ address, port }) => {
      say(`backend ${backend}, listening on ${formatAddress(address, port)}`);
      const exposure = describeExposure(address, config.web);
      if (exposure !== undefined) say(exposure);
      manager.tell('READY=1');
    }, fail);
  });
}

/** What others on the network can do that they perhaps should not; undefined: nothing. */
function describeExposure(address: string, web: WebConfig | undefined): string | undefined {
  const isLoopback = address === '::1' || address.startsWith('127.');
  const isOpen = web === undefined || (web.users.size === 0 && web.bearerToken === undefined);
  if (isLoopback || (!isOpen && web.tls !== undefined)) return undefined;
  const who = isOpen ? 'whoever reaches it can ask' : 'passwords and tokens pass in the clear';
  return `${who}: 'web_config_file' sets TLS and authentication up`;
}

function formatAddress(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function openSource({ capture, local, backend, netns, ringBytes }: AgentConfig) {
  if (capture !== undefined) {
    return { source: new ReplaySource({ path: capture, local }), backend: 'capture' };
  }
  const source = new KernelSource({ backend, netns, ringBytes });
  return { source, backend: source.backend };
}

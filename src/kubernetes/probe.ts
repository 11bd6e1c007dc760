import type { V1Container } from '@kubernetes/client-node';
import { type CommandLine, parseCommand, startsInit, wordsIn } from './command.ts';
import { own } from './object.ts';
import type { PodTemplate } from './pod.ts';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

export interface ExecProbe {
  probe: (typeof PROBES)[number];
  container: V1Container;
  line: CommandLine;
  /** Seconds; 1 when it is not written (k8s pkg/apis/core/v1/defaults.go). */
  timeoutSeconds: number;
  /** Seconds; 10 when it is not written. */
  periodSeconds: number;
  /** The probe in the object. */
  path: readonly (string | number)[];
}

/** Every probe that runs a command inside a container. */
export function* execProbes(pod: PodTemplate): Generator<ExecProbe> {
  for (const { container, role, path } of pod.containers) {
    if (role === 'init' || role === 'ephemeral') continue;
    for (const probe of PROBES) {
      const command = wordsIn(own(own(container[probe], 'exec'), 'command'));
      if (command.length === 0) continue;
      yield {
        probe,
        container,
        line: parseCommand(command),
        timeoutSeconds: seconds(container[probe]?.timeoutSeconds, 1),
        periodSeconds: seconds(container[probe]?.periodSeconds, 10),
        path: [...path, probe],
      };
    }
  }
}

export interface LivenessProbe {
  container: V1Container;
  /** The command that it runs; empty when it runs none. */
  command: readonly string[];
  /** The host that an httpGet or a tcpSocket names; without one the kubelet asks the pod itself. */
  host: string | undefined;
  /** The container in the object. */
  path: readonly (string | number)[];
}

/** The liveness probe of every container that may have one. */
export function* livenessProbes(pod: PodTemplate): Generator<LivenessProbe> {
  for (const { container, role, path } of pod.containers) {
    const probe = container.livenessProbe;
    if (role === 'init' || role === 'ephemeral' || probe == null) continue;
    const host = own(own(probe, 'httpGet'), 'host') ?? own(own(probe, 'tcpSocket'), 'host');
    yield {
      container,
      command: wordsIn(own(own(probe, 'exec'), 'command')),
      host: typeof host === 'string' ? host : undefined,
      path,
    };
  }
}

/**
 * Does the manifest show that something reaps orphans in the container: the pause container of a shared process
 * namespace, the node's own init, or an init that the container's command starts? An ENTRYPOINT can't be seen.
 */
export function hasReaper({ spec }: PodTemplate, container: V1Container): boolean {
  if (spec.shareProcessNamespace === true || spec.hostPID === true) return true;
  if (spec.os?.name === 'windows') return true;
  return startsInit(wordsIn(container.command));
}

function seconds(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 ? value : otherwise;
}

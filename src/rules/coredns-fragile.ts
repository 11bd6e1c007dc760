import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';
import { datadogCoreDns } from '../incidents/datadog-coredns-crash-loop.ts';
import { zalandoCoreDns } from '../incidents/zalando-coredns-out-of-memory.ts';
import { ConfigMap, Deployment } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { type Fault, rule } from '../model/rule.ts';

/** How kubeadm bounds it (k8s cmd/kubeadm/app/phases/addons/dns/manifests.go). */
const LEAST_LIMIT = '170Mi';
const REPLICAS = ['spec', 'replicas'];

export default rule({
  id: 'coredns-fragile',
  title: "The cluster's DNS will not grow with the cluster",
  severity: 'warn',
  lessons: [datadogCoreDns.lessons.sizedByHand, zalandoCoreDns.lessons.fixedLimit],
  why:
    'Everything in a cluster asks its DNS first. With pods verified CoreDNS holds every pod in memory and outgrows its limit ' +
    'one day; with a single pod, each restart and each drained node leaves the cluster without names.',
  unless: 'the cluster is small and will stay so',
  kinds: [ConfigMap, Deployment],
  *check({ object, kind }) {
    if (kind === ConfigMap) yield* corefileFaults(object as V1ConfigMap);
    else if (isDns(object as V1Deployment)) yield* deploymentFaults(object as V1Deployment);
  },
});

function* corefileFaults({ data }: V1ConfigMap): Generator<Fault> {
  const corefile = own(data, 'Corefile');
  if (typeof corefile !== 'string' || !/^[ \t]*pods[ \t]+verified\b/m.test(corefile)) return;
  yield {
    path: ['data', 'Corefile'],
    what: 'pods verified makes CoreDNS watch every pod of the cluster and keep it in memory',
    fix: () => 'pods insecure    # or leave the line out, if nothing asks for names of single pods',
  };
}

function isDns({ metadata }: V1Deployment): boolean {
  return ['kube-dns', 'coredns'].includes(String(own(metadata?.labels, 'k8s-app')));
}

function* deploymentFaults(object: V1Deployment): Generator<Fault> {
  const replicas = object.spec?.replicas;
  if (replicas == null || replicas === 1) {
    yield {
      path: REPLICAS,
      what: `the cluster's DNS is ${replicas == null ? 'one pod, unless something else sets replicas' : 'a single pod'}: while that restarts or moves, no name is found`,
      fix: () => snippet(REPLICAS, 2),
      // An autoscaler of its own asks that replicas be left out.
      ...(replicas == null
        ? { severity: 'note' as const }
        : { edits: [{ op: 'set', path: REPLICAS, value: 2 }] }),
    };
  }
  const pod = podTemplate(object, Deployment);
  for (const { container, path } of pod ? pod.containers : []) {
    const memory = container.resources?.limits?.memory;
    const amount = parseQuantity(memory);
    if (!/^(coredns|kubedns)$/.test(container.name) || amount === undefined) continue;
    if (amount >= (parseQuantity(LEAST_LIMIT) ?? 0)) continue;
    const limit = [...path, 'resources', 'limits', 'memory'];
    yield {
      path: limit,
      what: `container "${container.name}" is killed at ${memory}, and what it needs grows with Pods, Services and queries`,
      fix: () => `${snippet(limit, LEAST_LIMIT, object)}    # at the least: kubeadm's own`,
      severity: 'note',
    };
  }
}

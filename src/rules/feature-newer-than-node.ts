import type { V1Node, V1PodSpec } from '@kubernetes/client-node';
import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { Node, podKinds } from '../kubernetes/kinds.ts';
import { kubeletFeatures } from '../kubernetes/kubelet-features.ts';
import { choosesNodes, isOpenTo, kubeletVersion, minorVersion } from '../kubernetes/node.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { inCluster } from '../model/query.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'feature-newer-than-node',
  title: 'A pod asks for what some of the nodes that it may run on do not know',
  severity: 'warn',
  lessons: [datadogNamespace.lessons.someNodesLackedIt],
  why:
    'The API server knows the field and stores it; each kubelet goes by what it knows itself. On an older node the pod hangs, ' +
    'or runs as if the field were not there, and which it is changes whenever the pod is moved.',
  unless: 'the older nodes are about to be replaced, or their kubelets have the feature gate switched on',
  kinds: podKinds,
  needs: {
    nodes: inCluster(Node, [
      ['spec', 'taints'],
      ['spec', 'unschedulable'],
      ['status', 'nodeInfo', 'kubeletVersion'],
    ]),
  },
  *check({ object, kind, known }) {
    const pod = podTemplate(object, kind);
    if (!pod || choosesNodes(pod.spec)) return;
    // A pod may have thousands of containers, and a cluster of nodes.
    const told = new Map<number, string | undefined>();
    for (const { path, name, since, older } of kubeletFeatures(pod)) {
      if (!told.has(since)) told.set(since, olderThan(since, pod.spec, known.nodes));
      const nodes = told.get(since);
      if (nodes === undefined) continue;
      yield {
        path,
        what: `on ${nodes} the kubelet ${older}: ${name} came with 1.${since}`,
        fix: () =>
          'upgrade these nodes first, or keep the pod away from them by a label that the newer ones have:\n' +
          `${snippet([...pod.path, 'spec', 'nodeSelector', LABEL], `1.${since}`)}    # an example: kubectl get nodes --show-labels`,
      };
    }
  },
});

const LABEL = 'example.com/kubelet';

/** `2 of 5 nodes (worker-1: v1.28.3, …)`, the same one whatever their order; undefined where there are none. */
function olderThan(minor: number, pod: V1PodSpec, nodes: readonly V1Node[]): string | undefined {
  const open = nodes.filter(node => isOpenTo(node, pod));
  const [first, ...others] = open
    .filter(node => (minorVersion(kubeletVersion(node)) ?? minor) < minor)
    .map(node => `${node.metadata?.name}: ${kubeletVersion(node)}`)
    .sort();
  if (first === undefined) return undefined;
  const named = others.length > 0 ? `${first}, …` : first;
  return `${others.length + 1} of ${open.length} ${open.length === 1 ? 'node' : 'nodes'} (${named})`;
}

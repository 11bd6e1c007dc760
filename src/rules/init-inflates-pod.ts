import type { V1Container } from '@kubernetes/client-node';
import { datadogInitContainers } from '../incidents/datadog-init-containers.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const TIMES = 2;
/** Less than this beyond what the containers need is not worth a word: bytes, and cores. */
const LEAST = { memory: 256 * 2 ** 20, cpu: 0.25 } as const;
const RESOURCES = ['memory', 'cpu'] as const;

export default rule({
  id: 'init-inflates-pod',
  title: 'An init container makes the pod larger than what runs in it',
  severity: 'note',
  lessons: [datadogInitContainers.lessons.countsForLife],
  why:
    'The scheduler reserves for a pod the larger of two: what its containers request together, and what its largest init ' +
    'container requests. It stays reserved long after that has ended, so nodes are full of pods that use a fraction of it.',
  unless: 'the pods are few, or end soon after their init containers',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    // What ends holds nothing for long.
    if (!pod || object.kind === 'Job' || object.kind === 'CronJob') return;
    for (const resource of RESOURCES) {
      // Said of the pod as a whole, it takes the place of these sums (k8s component-helpers/resource/helpers.go).
      if (own(pod.spec.resources?.requests, resource) ?? own(pod.spec.resources?.limits, resource)) continue;
      let [beside, running] = [0, 0];
      let largest: { container: V1Container; path: readonly (string | number)[]; amount: number } | undefined;
      const lasting: string[] = [];
      for (const { container, role, path } of pod.containers) {
        const { amount, text } = requested(container, resource);
        if (role === 'init') {
          // Sidecars that were started before it run beside it.
          if (amount + beside > (largest ? largest.amount : 0))
            largest = { container, path, amount: amount + beside };
          continue;
        }
        if (role === 'ephemeral') continue;
        if (role === 'sidecar') beside += amount;
        running += amount;
        if (text !== undefined) lasting.push(text);
      }
      if (!largest || running <= 0) continue;
      const { container, path, amount } = largest;
      if (amount <= running * TIMES || amount - running < LEAST[resource]) continue;
      const request = [...path, 'resources', 'requests', resource];
      const { text = '' } = requested(container, resource);
      const unit = resource === 'cpu' ? 'CPU' : resource;
      yield {
        path: request,
        what: `init container "${container.name}" requests ${text} of ${unit}, and what runs after it ${lasting.join(' + ')}: the larger stays reserved as long as the pod lives`,
        fix: () =>
          lasting.length === 1
            ? `${snippet(request, lasting[0], object)}    # its limit may stay: only requests are reserved`
            : `request no more there than ${lasting.join(' + ')}; its limit may stay, since only requests are reserved`,
      };
    }
  },
});

/** A limit stands in for a missing request (k8s pkg/apis/core/v1/defaults.go, SetDefaults_Pod). */
function requested(
  { resources }: V1Container,
  resource: string,
): { amount: number; text: string | undefined } {
  const given = own(resources?.requests, resource) ?? own(resources?.limits, resource);
  return { amount: parseQuantity(given) ?? 0, text: given == null ? undefined : String(given) };
}

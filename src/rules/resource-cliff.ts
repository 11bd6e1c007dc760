import type { V1Container } from '@kubernetes/client-node';
import { zalandoIam } from '../incidents/zalando-iam-scaled-down.ts';
import { scales } from '../kubernetes/autoscaler.ts';
import { HorizontalPodAutoscaler, podKinds } from '../kubernetes/kinds.ts';
import { valueAt } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { inSameNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

/** What is left of it is a cliff and no step. */
const CLIFF = 0.5;
const REPLICAS = ['spec', 'replicas'];
const AMOUNTS = ['requests', 'limits'].flatMap(list => ['cpu', 'memory'].map(name => [list, name] as const));

export default rule({
  id: 'resource-cliff',
  title: 'A workload is cut to half or less in one step',
  severity: 'warn',
  lessons: [zalandoIam.lessons.slackWasHeadroom],
  why:
    'What looks unused on a quiet day is what a workload lives off when the load comes. Cut in one step, it is throttled ' +
    'or killed for its memory just then, and what depends on it stands still with it.',
  unless: 'the new amounts have been measured under the highest load that there is',
  kinds: podKinds,
  operations: ['UPDATE'],
  needs: { autoscalers: inSameNamespace(HorizontalPodAutoscaler) },
  *check({ object, kind, previous, known }) {
    if (!previous) return;
    const [was, is] = [valueAt(previous, REPLICAS), valueAt(object, REPLICAS)];
    // Scaled to 0 it is switched off, and not cut.
    if (isCliff(was, is) && is !== 0 && !known.autoscalers.some(one => scales(one, object, kind)))
      yield {
        path: REPLICAS,
        what: `spec.replicas goes from ${was} to ${is} in one step, and no autoscaler would raise it again`,
        fix: () =>
          `${snippet(REPLICAS, Math.ceil(Number(was) * 0.75))}    # an example: go in steps, and look at the load after each`,
      };

    const [before, pod] = [podTemplate(previous, kind), podTemplate(object, kind)];
    if (!before || !pod) return;
    const old = new Map(before.containers.map(({ container }) => [container.name, container]));
    for (const { container, role, path } of pod.containers) {
      const cuts = role === 'init' || role === 'ephemeral' ? [] : cutsOf(old.get(container.name), container);
      if (cuts.length === 0) continue;
      const resources = [...path, 'resources'];
      yield {
        path: resources,
        what: `container "${container.name}" is cut in one step: ${cuts.map(({ at, was, is }) => `${at.join('.')} from ${was} to ${is}`).join(', ')}`,
        fix: () =>
          `${snippet(resources, amountsOf(cuts), object)}\n` +
          'as before, and go down from there in steps: look at throttling, OOM kills and queues after each, under load',
      };
    }
  },
});

/** The old amounts as a container's resources. */
function amountsOf(cuts: ReturnType<typeof cutsOf>) {
  const lists = Map.groupBy(cuts, ({ at: [list] }) => list);
  return Object.fromEntries(
    [...lists].map(([list, inIt]) => [
      list,
      Object.fromEntries(inIt.map(({ at: [, name], was }) => [name, was])),
    ]),
  );
}

function cutsOf(was: V1Container | undefined, is: V1Container) {
  return AMOUNTS.map(at => ({
    at,
    was: valueAt(was?.resources, at),
    is: valueAt(is.resources, at),
  })).filter(({ was, is }) => isCliff(was, is));
}

/** What is no longer written is no amount, and the business of other rules. */
function isCliff(was: unknown, is: unknown): boolean {
  const [before, after] = [parseQuantity(was), parseQuantity(is)];
  return before !== undefined && after !== undefined && before > 0 && after <= before * CLIFF;
}

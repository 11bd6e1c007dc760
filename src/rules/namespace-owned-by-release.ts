import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { KEEP, RESOURCE_POLICY } from '../kubernetes/helm.ts';
import { kindOf, Namespace } from '../kubernetes/kinds.ts';
import { annotation } from '../kubernetes/object.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { ownedByRelease } from '../model/query.ts';
import { Release } from '../model/release.ts';
import { rule } from '../model/rule.ts';
import { refOf } from '../model/subject.ts';

export default rule({
  id: 'namespace-owned-by-release',
  title: 'A release takes possession of a Namespace',
  severity: 'warn',
  lessons: [datadogNamespace.lessons.owningMeansPruning],
  why:
    'kubectl apply never deletes what a manifest no longer holds; Helm does. Once a Namespace stands in a chart, taking ' +
    'it out one day, or uninstalling the release, deletes it with all that others have put there.',
  unless: 'the namespace is made to be thrown away with its release',
  kinds: [Release],
  needs: { owned: ownedByRelease(Namespace) },
  *check({ object, known }) {
    const owned = new Set(known.owned.map(({ metadata }) => metadata?.name));
    for (const one of object.objects) {
      const { name } = refOf(one);
      if (kindOf(one) !== Namespace || owned.has(name) || annotation(one, RESOURCE_POLICY) === KEEP) continue;
      const policy = ['metadata', 'annotations', RESOURCE_POLICY];
      yield {
        path: policy,
        about: one,
        what: `Namespace ${name} belongs to the release from now on: leaving it out of the chart one day deletes it with everything in it`,
        fix: () => snippet(policy, KEEP, one),
      };
    }
  },
});

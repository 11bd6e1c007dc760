import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { KEEP, RESOURCE_POLICY } from '../kubernetes/helm.ts';
import { Namespace } from '../kubernetes/kinds.ts';
import { annotation } from '../kubernetes/object.ts';
import { CONFIRM_DELETE } from '../model/annotations.ts';
import { ownedByRelease } from '../model/query.ts';
import { holds, Release } from '../model/release.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'release-drops-namespace',
  title: 'A release drops its Namespace, and the upgrade deletes it',
  severity: 'deny',
  lessons: [datadogNamespace.lessons.droppedFromChartMeansDeleted],
  why:
    'Helm deletes what the last revision held and the new one lacks; so does every tool that prunes. With a Namespace ' +
    'goes everything in it, at once and for good.',
  unless: 'the namespace is to be decommissioned with this upgrade',
  // Waived, the release would pass and the deletion of the Namespace would be refused in the midst of it.
  confirmable: true,
  kinds: [Release],
  operations: ['UPDATE'],
  needs: { owned: ownedByRelease(Namespace) },
  *check({ object, known }) {
    for (const namespace of known.owned) {
      const name = namespace.metadata?.name ?? '';
      // Helm compares the live annotation to the letter (helm pkg/kube/client.go).
      if (holds(object, namespace) || annotation(namespace, RESOURCE_POLICY) === KEEP) continue;
      if (annotation(namespace, CONFIRM_DELETE) === name) continue;
      yield {
        path: ['metadata', 'name'],
        about: namespace,
        what: `the new revision no longer holds Namespace ${name}, so rolling it out deletes the namespace with everything in it`,
        fix: () =>
          'put the Namespace back into the chart, or tell Helm to leave the live one alone:\n' +
          `kubectl annotate --overwrite namespace ${name} ${RESOURCE_POLICY}=${KEEP}\n` +
          'or, if it is to go with everything in it, confirm that:\n' +
          `kubectl annotate --overwrite namespace ${name} ${CONFIRM_DELETE}=${name}`,
      };
    }
  },
});

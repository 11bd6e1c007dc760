import { datadogNodegroup } from '../incidents/datadog-nodegroup-controller.ts';
import { ClusterRole } from '../kubernetes/kinds.ts';
import { rule } from '../model/rule.ts';

/** What there is most of in a cluster, all of the core group. */
const MANY = ['configmaps', 'events', 'nodes', 'pods', 'secrets'];

export default rule({
  id: 'list-without-watch',
  title: 'A ClusterRole may list what it may not watch',
  severity: 'note',
  lessons: [datadogNodegroup.lessons.listInsteadOfWatch],
  why:
    'Who may list and not watch can only ask again, and each time the API server gathers and sends everything, before ' +
    'Kubernetes 1.31 out of etcd. An informer lists once, and is told of changes from then on; it needs the verb watch.',
  unless: 'the program runs once and ends, or makes a report now and then',
  kinds: [ClusterRole],
  *check({ object }) {
    const granted = object.rules ?? [];
    const watched = new Set(
      granted.flatMap(each => (each?.verbs?.includes('watch') ? (each.resources ?? []) : [])),
    );
    for (const [index, each] of granted.entries()) {
      const { apiGroups, resources, resourceNames, verbs } = each ?? {};
      if (!verbs?.includes('list') || verbs.includes('watch') || verbs.includes('*')) continue;
      if (!apiGroups?.some(group => group === '' || group === '*') || resourceNames?.length) continue;
      const many = (resources ?? []).filter(
        resource => (resource === '*' || MANY.includes(resource)) && !watched.has(resource),
      );
      if (many.length === 0) continue;
      const path = ['rules', index, 'verbs'];
      yield {
        path,
        what: `${many.join(' and ')} may be listed and not watched, so whoever has this role can only poll`,
        fix: () => `verbs: [${[...verbs, 'watch'].join(', ')}]    # and an informer in the program`,
        edits: [{ op: 'set', path: [...path, verbs.length], value: 'watch' }],
      };
    }
  },
});

import { datadogDirectory } from '../incidents/datadog-directory-deleted.ts';
import { Namespace, PersistentVolumeClaim, podKinds } from '../kubernetes/kinds.ts';
import { amongFiles } from '../model/query.ts';
import { rule } from '../model/rule.ts';
import { type Identity, refOf } from '../model/subject.ts';

const MOST_NAMED = 3;

export default rule({
  id: 'namespace-in-app-dir',
  title: 'A Namespace stands in the folder of what runs in it',
  severity: 'note',
  lessons: [datadogDirectory.lessons.namespacesLiveApart],
  why:
    'kubectl delete -f takes a folder and deletes every object in it, the Namespace too; and with a Namespace goes all ' +
    'that anybody has ever put there, from these files or not. Whoever wants to remove one application removes them all.',
  unless: 'nothing but what stands in the folder will ever live in that namespace',
  kinds: [Namespace],
  needs: { beside: amongFiles<Identity>([...podKinds, PersistentVolumeClaim], 'folder') },
  *check({ object, known }) {
    const name = object.metadata?.name;
    if (!name) return;
    const inIt = known.beside.all.map(refOf).filter(({ namespace }) => namespace === name);
    if (inIt.length === 0) return;
    const some = inIt.slice(0, MOST_NAMED).map(one => `${one.kind} ${one.name || '(unnamed)'}`);
    const others = inIt.length > some.length ? ` and ${inIt.length - some.length} more` : '';
    yield {
      path: ['metadata', 'name'],
      what: `Namespace ${name} stands beside ${some.join(', ')}${others}: kubectl delete -f of these files deletes the namespace with everything in it`,
      fix: () =>
        'keep Namespaces in a folder of their own, which is applied and never deleted with an application:\n' +
        `namespaces/${name}.yaml`,
    };
  },
});

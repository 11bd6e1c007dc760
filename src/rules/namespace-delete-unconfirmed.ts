import { datadogDirectory } from '../incidents/datadog-directory-deleted.ts';
import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { Namespace } from '../kubernetes/kinds.ts';
import { annotation } from '../kubernetes/object.ts';
import { CONFIRM_DELETE } from '../model/annotations.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'namespace-delete-unconfirmed',
  title: 'A Namespace is deleted, and nobody has confirmed it',
  severity: 'deny',
  lessons: [
    datadogNamespace.lessons.oneCallDeletesEverything,
    datadogDirectory.lessons.directoryHeldTheNamespace,
  ],
  why:
    'Deleting a Namespace deletes every object in it, volume claims included, and cannot be undone. The call is often a side ' +
    'effect: of kubectl delete -f on a directory, of a chart that lost the Namespace, of a tool that prunes.',
  unless:
    'the namespace is made to be thrown away; better leave the label premortem.dev/mode off such a namespace',
  confirmable: true,
  kinds: [Namespace],
  operations: ['DELETE'],
  *check({ object }) {
    const name = object.metadata?.name ?? '';
    const confirmed = annotation(object, CONFIRM_DELETE);
    if (confirmed === name) return;
    yield {
      path: ['metadata', 'annotations', CONFIRM_DELETE],
      what: `deleting Namespace ${name} deletes everything in it, and ${confirmed === undefined ? 'nobody has confirmed that' : `what has been confirmed is "${confirmed}"`}`,
      fix: () =>
        `kubectl annotate --overwrite namespace ${name} ${CONFIRM_DELETE}=${name}\nkubectl delete namespace ${name}`,
      edits: [{ op: 'set', path: ['metadata', 'annotations', CONFIRM_DELETE], value: name }],
    };
  },
});

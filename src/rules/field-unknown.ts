import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { unknownFields } from '../kubernetes/fields.ts';
import { builtInKinds } from '../kubernetes/kinds.ts';
import { formatPath } from '../model/path.ts';
import { asWritten } from '../model/query.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'field-unknown',
  title: 'A field that Kubernetes does not know',
  severity: 'warn',
  lessons: [zalandoCronJob.lessons.fieldsAreDroppedInSilence],
  why:
    'Kubernetes drops a field that it does not know: with a warning at the most, unless the client asks it to ' +
    'be strict, as kubectl does by default and Helm 3 and Argo CD do not. What you wrote has no effect, and the ' +
    'default rules instead.',
  unless:
    'the field is for another tool that reads the manifest before Kubernetes does, or for a newer Kubernetes',
  kinds: builtInKinds,
  needs: { written: asWritten },
  *check({ known: { written } }) {
    for (const { path, key, belongs, near } of unknownFields(written)) {
      if (belongs.length > 0) continue;
      const parent = path.slice(0, -1);
      yield {
        path,
        key: 'unknown-field',
        what: `${key} is no field of ${formatPath(parent, written) || (written.kind ?? 'this kind')}${near === undefined ? '' : ` (${near} is)`}, so Kubernetes drops it`,
        fix: () =>
          near === undefined
            ? `remove ${formatPath(path, written)}`
            : `write ${near}, if that is what you meant`,
        // To remove it is the author's to decide: a newer Kubernetes may know it.
        edits: near === undefined ? [] : [{ op: 'move', from: [...path], path: [...parent, near] }],
      };
    }
  },
});

import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { type UnknownField, unknownFields } from '../kubernetes/fields.ts';
import { builtInKinds, kindOf } from '../kubernetes/kinds.ts';
import { EVERY, type KubeObject } from '../kubernetes/object.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { formatPath, type Path } from '../model/path.ts';
import { asWritten } from '../model/query.ts';
import { type Fault, rule } from '../model/rule.ts';

export default rule({
  id: 'field-misplaced',
  title: 'A field stands where Kubernetes drops it',
  severity: 'deny',
  lessons: [zalandoCronJob.lessons.fieldsAreDroppedInSilence],
  why:
    'Kubernetes drops a field that it does not know at its place: with a warning at the most, unless the client asks it to ' +
    'be strict, as kubectl does by default and Helm 3 and Argo CD do not. What you wrote has no effect, and the ' +
    'default rules instead.',
  unless:
    "nothing but the manifest's own tooling reads the field; a comment or an annotation is the better place for it",
  kinds: builtInKinds,
  needs: { written: asWritten },
  *check({ known: { written } }) {
    for (const field of unknownFields(written)) {
      const fault = faultOf(field, written);
      if (fault) yield fault;
    }
  },
});

function faultOf({ path, key, value, belongs }: UnknownField, written: KubeObject): Fault | undefined {
  const place = belongs.find(({ path }) => !path.includes(EVERY)) ?? belongs[0];
  if (!place) return undefined;
  const name = (path: Path) => formatPath(path, written) || 'the top level';
  const here = name(path.slice(0, -1));
  if (place.alreadySet) {
    return {
      path,
      key: 'unknown-field',
      what: `${key} stands in ${here}, where Kubernetes drops it; ${name(place.path)} is set and counts`,
      fix: () => `remove ${name(path)}`,
      edits: [{ op: 'remove', path: [...path] }],
      severity: 'warn',
    };
  }
  const misspelled = place.reason === 'case';
  const everywhere = place.path.includes(EVERY);
  return {
    path,
    key: 'unknown-field',
    what: misspelled
      ? `${key} in ${here} must be written ${place.path.at(-1)}: Kubernetes tells upper from lower case, and drops ${key}`
      : `${key} stands in ${here}, where Kubernetes drops it; it belongs in ${name(place.path.slice(0, -1))}`,
    fix: () =>
      `${misspelled ? 'write it so' : 'move it'}:\n${snippet(place.path, shown(value, written), written)}`,
    edits: everywhere ? [] : [{ op: 'move', from: [...path], path: [...place.path] }],
  };
}

/** What can be shown in one line and is no secret; the rest the reader finds in the manifest. */
function shown(value: unknown, written: KubeObject): unknown {
  const hidden = (typeof value === 'object' && value !== null) || kindOf(written)?.confidential;
  return hidden ? '…' : value;
}

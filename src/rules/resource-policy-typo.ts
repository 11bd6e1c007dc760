import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { KEEP, RESOURCE_POLICY } from '../kubernetes/helm.ts';
import { builtInKinds } from '../kubernetes/kinds.ts';
import { annotation } from '../kubernetes/object.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'resource-policy-typo',
  title: 'helm.sh/resource-policy is not written "keep"',
  severity: 'warn',
  lessons: [datadogNamespace.lessons.keepIsWrittenToTheLetter],
  why:
    'An upgrade compares the annotation of the live object with "keep" to the letter, and deletes what has another value. ' +
    'An uninstall takes any value for "keep", and leaves the object behind.',
  unless: 'something else than Helm reads the annotation',
  kinds: builtInKinds,
  *check({ object }) {
    const value = annotation(object, RESOURCE_POLICY);
    if (value === undefined || value === KEEP) return;
    const path = ['metadata', 'annotations', RESOURCE_POLICY];
    const meant = value.trim().toLowerCase() === KEEP;
    yield {
      path,
      what: `${RESOURCE_POLICY} is "${value}", which does not keep an upgrade from deleting the object: only "${KEEP}" does`,
      fix: () => `${snippet(path, KEEP, object)}${meant ? '' : '    # or remove the annotation'}`,
      edits: meant ? [{ op: 'set', path, value: KEEP }] : [],
    };
  },
});

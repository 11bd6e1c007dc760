import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { HOOK, HOOK_DELETE_POLICY, KEEP, RESOURCE_POLICY } from '../kubernetes/helm.ts';
import { Namespace, PersistentVolumeClaim } from '../kubernetes/kinds.ts';
import { annotation } from '../kubernetes/object.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** helm pkg/release/v1/hook.go. What else is written there, Helm passes over. */
const POLICIES = ['before-hook-creation', 'hook-succeeded', 'hook-failed'];

export default rule({
  id: 'release-hook-recreates-namespace',
  title: 'A Helm hook deletes and recreates a Namespace or a volume claim',
  severity: 'deny',
  lessons: [datadogNamespace.lessons.hooksAreDeleted],
  why:
    'Helm does not update a hook: unless told otherwise it deletes what the last run made and creates it anew. With a ' +
    'Namespace goes everything in it, with a volume claim its data, at every install, upgrade or rollback that runs the hook.',
  unless: 'the namespace or the claim is made for the run of the hook alone',
  kinds: [Namespace, PersistentVolumeClaim],
  *check({ object }) {
    const events = annotation(object, HOOK);
    if (events === undefined) return;
    const written = (annotation(object, HOOK_DELETE_POLICY) ?? '').split(',').map(policy => policy.trim());
    const policies = written.filter(policy => POLICIES.includes(policy));
    const onlyOnFailure = policies.length > 0 && policies.every(policy => policy === 'hook-failed');
    const lost = object.kind === 'Namespace' ? 'with everything in it' : 'with the data on its volume';
    const path = ['metadata', 'annotations', HOOK];
    const keep = ['metadata', 'annotations', RESOURCE_POLICY];
    yield {
      path,
      what: `this ${object.kind} is a hook (${events}): Helm deletes it, ${lost}, ${momentOf(policies)}`,
      fix: () =>
        `make it a part of the release, which Helm updates: remove ${HOOK} and write\n${snippet(keep, KEEP, object)}`,
      edits: [
        { op: 'remove', path },
        { op: 'set', path: keep, value: KEEP },
      ],
      severity: onlyOnFailure ? 'warn' : 'deny',
    };
  },
});

function momentOf(policies: readonly string[]): string {
  if (policies.length === 0 || policies.includes('before-hook-creation')) return 'before each run';
  return policies.includes('hook-succeeded') ? 'after each run' : 'when the hook fails';
}

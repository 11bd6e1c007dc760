import { datadogManualChanges } from '../incidents/datadog-manual-changes.ts';
import { type Change, changes, valueOfSame } from '../kubernetes/changes.ts';
import { commandOf } from '../kubernetes/hand.ts';
import { builtInKinds, type Kind } from '../kubernetes/kinds.ts';
import { lastApplied } from '../kubernetes/last-applied.ts';
import { writersOf } from '../kubernetes/managed-fields.ts';
import { type KubeObject, valueAt } from '../kubernetes/object.ts';
import { type OwnerTool, ownerTool } from '../kubernetes/owner-tool.ts';
import { isCalled, nextTime, toKeep } from '../kubernetes/owner-words.ts';
import { formatPath, type Path } from '../model/path.ts';
import { asker } from '../model/query.ts';
import { rule } from '../model/rule.ts';

/** What is no part of a manifest, or names the object. */
const BESIDE = ['apiVersion', 'kind', 'metadata', 'status'];
/** Writers that are not the tool: what they have written it need not know of. */
const OTHERS = new Set(['kube-controller-manager', 'kubectl-edit', 'kubectl-patch', 'kubectl-set']);

export default rule({
  id: 'managed-object-edited-by-hand',
  title: 'An object that a tool owns is changed by hand',
  severity: 'warn',
  lessons: [datadogManualChanges.lessons.nobodyKeptTrack],
  why:
    'What a chart or a repository says is written again with the next upgrade or sync, and nobody who rolls that out knows ' +
    'of the change by hand: what it had cured is broken again, in the midst of something else. Helm 4, which applies on ' +
    'the server, stops at the conflict instead.',
  unless: 'it cannot wait, and the same change is on its way into the chart or the repository',
  kinds: builtInKinds,
  operations: ['UPDATE'],
  needs: { asker },
  *check({ object, previous, kind, known }) {
    const command = known.asker && commandOf(known.asker);
    const owner = command === undefined || !previous ? undefined : ownerTool(object);
    // To take an object out of a tool's hands is no change behind its back.
    if (!previous || !owner || !ownerTool(previous)) return;
    const annotations = [...(kind?.podTemplate ?? []), 'metadata', 'annotations'];
    const made = changes(previous, object).filter(
      change =>
        !BESIDE.includes(String(change.path[0])) &&
        !startsWith(change.path, annotations) &&
        isOwned(change, previous, owner),
    );
    const [first] = made;
    if (!first) return;
    const others = made.length - 1;
    const more = others > 0 ? `, and ${others} other ${others === 1 ? 'field' : 'fields'}` : '';
    yield {
      path: first.path,
      what: `${nextTime(owner)} of ${isCalled(owner, object.metadata?.namespace)} takes this back: ${command} changes ${told(first, object, kind)}${more}`,
      fix: () => toKeep(owner),
    };
  },
});

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step);
}

/** Would the tool write it again? Flux takes all that kubectl has written away (fluxcd.io/flux/faq). */
function isOwned({ before }: Change, previous: KubeObject, { tool }: OwnerTool): boolean {
  if (tool === 'Flux Kustomization') return true;
  if (before === undefined) return false;
  // What Argo CD applies from the client it leaves a record of, as kubectl does.
  const record = tool === 'Argo CD' ? lastApplied(previous) : undefined;
  if (record) return valueOfSame(record, previous, before) !== undefined;
  const writers = writersOf(previous, before);
  return writers === undefined || writers.some(writer => !OTHERS.has(writer));
}

/** Values are told where they are no secret: a key of a ConfigMap may have any name, `image` for instance. */
function told({ path, was, is }: Change, object: KubeObject, kind: Kind<unknown> | undefined): string {
  const pod = [...(kind?.podTemplate ?? []), 'spec'];
  const at = startsWith(path, pod)
    ? formatPath(path.slice(pod.length), valueAt(object, pod))
    : formatPath(path, object);
  const isOpen = path[0] === 'spec' && (path.at(-1) === 'image' || path.includes('resources'));
  const values = [was, is].map(value => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return isOpen && typeof value === 'string' ? value : undefined;
  });
  return values.includes(undefined) ? at : `${at} from ${values.join(' to ')}`;
}

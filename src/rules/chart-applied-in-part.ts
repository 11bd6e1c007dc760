import { datadogManualChanges } from '../incidents/datadog-manual-changes.ts';
import { commandOf } from '../kubernetes/hand.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { ownerTool } from '../kubernetes/owner-tool.ts';
import { isCalled, rollOut } from '../kubernetes/owner-words.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { asker } from '../model/query.ts';
import { rule } from '../model/rule.ts';

/** By custom `checksum/config: {{ include … | sha256sum }}` (helm.sh/docs/howto/charts_tips_and_tricks). */
const CHECKSUM = 'checksum/';
/** Enough to know it again. */
const SHOWN = 8;

export default rule({
  id: 'chart-applied-in-part',
  title: 'A rendered part of a chart is applied without the rest',
  severity: 'warn',
  lessons: [datadogManualChanges.lessons.checksumWithoutConfig],
  why:
    'The checksum in a pod template says which configuration the pods are to start with. Applied alone it replaces them ' +
    'all, and the new ones read what is still there: the old ConfigMap, or none. From then on it looks as if the new ' +
    'configuration were in place.',
  unless: 'the ConfigMaps and Secrets of the same chart were applied just before',
  kinds: podKinds,
  operations: ['UPDATE'],
  needs: { asker },
  *check({ object, kind, previous, known }) {
    const command = known.asker && commandOf(known.asker);
    if (command !== 'kubectl apply' && command !== 'kubectl replace') return;
    const owner = ownerTool(object);
    const [before, pod] = [previous && podTemplate(previous, kind), podTemplate(object, kind)];
    if (!owner || !before || !pod) return;
    const checksums = Object.entries(pod.metadata?.annotations ?? {});
    for (const [key, checksum] of checksums.filter(([key]) => key.startsWith(CHECKSUM))) {
      const former = own(before.metadata?.annotations, key);
      if (typeof former !== 'string' || typeof checksum !== 'string' || former === checksum) continue;
      yield {
        path: [...pod.path, 'metadata', 'annotations', key],
        what: `${key} is ${short(checksum)} now (was ${short(former)}), but the config it stands for comes with ${isCalled(owner, object.metadata?.namespace)}, not with this ${command}`,
        fix: () => `roll out all of it:\n${rollOut(owner)}`,
      };
    }
  },
});

function short(checksum: string): string {
  return checksum.length > SHOWN ? `${checksum.slice(0, SHOWN)}…` : checksum;
}

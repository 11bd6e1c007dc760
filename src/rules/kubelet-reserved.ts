import { flantNodeOutOfMemory } from '../incidents/flant-node-out-of-memory.ts';
import { zalandoKubeletMemory } from '../incidents/zalando-kubelet-out-of-memory.ts';
import { type KubeletSettings, kindsOfKubelets, kubeletSettings } from '../kubernetes/kubelet-settings.ts';
import { isMapping, own } from '../kubernetes/object.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { type Fault, rule } from '../model/rule.ts';

const MEMORY = 'memory.available';
/** k8s pkg/kubelet/eviction/defaults_linux.go */
const DEFAULT_THRESHOLD = '100Mi';

export default rule({
  id: 'kubelet-reserved',
  title: 'A node keeps no memory for what runs beside its pods',
  severity: 'note',
  lessons: [zalandoKubeletMemory.lessons.nodeDiesWhole, flantNodeOutOfMemory.lessons.nothingKeptBack],
  why:
    'What is not reserved, pods may use, and the kubelet, the container runtime and sshd compete with them for the rest. ' +
    'When memory runs out the kernel chooses what dies, or the node hangs before it does, with everything on it.',
  unless: 'whoever makes the nodes sets it elsewhere',
  kinds: kindsOfKubelets,
  *check({ object, kind }) {
    for (const settings of kubeletSettings(object, kind)) {
      yield* reservation(settings);
      yield* eviction(settings);
    }
  },
});

function* reservation({ values, whole, pathOf, written }: KubeletSettings): Generator<Fault> {
  if (!whole || reserves(values.kubeReserved) || reserves(values.systemReserved)) return;
  yield {
    path: pathOf('kubeReserved', 'memory'),
    what: 'neither kubeReserved nor systemReserved keeps memory back, so pods may use what the kubelet and the system need',
    fix: () => `${written('kubeReserved', '1Gi', 'memory').lines}    # for example`,
  };
}

/** What cannot be read, a placeholder say, stands for something. */
function reserves(reserved: unknown): boolean {
  const memory = own(reserved, 'memory');
  return memory != null && parseQuantity(memory) !== 0;
}

/** A mapping takes the place of all defaults, not of those alone that it names (k8s cmd/kubelet/app/server.go). */
function* eviction({ values, replaces, nameOf, pathOf, written }: KubeletSettings): Generator<Fault> {
  const { evictionHard: hard, evictionSoft: soft, mergeDefaultEvictionSettings: merged } = values;
  if (!isMapping(hard) || own(soft, MEMORY) !== undefined) return;
  const threshold = own(hard, MEMORY);
  // 0% and 100% switch a threshold off (k8s pkg/kubelet/eviction/helpers.go).
  const isOff = threshold === '0%' || threshold === '100%';
  if (threshold != null && !isOff) return;
  if (threshold == null && (!replaces || merged === true)) return;
  const names = Object.keys(hard);
  const { lines, edits } = written('evictionHard', DEFAULT_THRESHOLD, MEMORY);
  yield {
    path: pathOf('evictionHard', MEMORY),
    what: isOff
      ? `${nameOf('evictionHard')} has ${MEMORY} at ${threshold}, which switches it off: no pod is evicted when memory runs out`
      : `${nameOf('evictionHard')} ${named(names)}, which takes the default of ${MEMORY} away: no pod is evicted when memory runs out`,
    fix: () => `${lines}    # at the least: the default`,
    edits,
  };
}

function named([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'is empty';
  return `names ${others.length > 1 ? `${first} and ${others.length} more` : [first, ...others].join(' and ')}`;
}

import { flantSupercronic } from '../incidents/flant-supercronic-zombies.ts';
import { kindsOfKubelets, kubeletSettings } from '../kubernetes/kubelet-settings.ts';
import { own } from '../kubernetes/object.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'pid-limit',
  title: 'One pod may use up all process IDs of its node',
  severity: 'note',
  lessons: [flantSupercronic.lessons.processIdsAreShared],
  why:
    'Process IDs are shared by everything on a node, and a zombie keeps its own. One pod that leaks processes takes them ' +
    'all; then the container runtime can fork no more, and the node does nothing until somebody restarts it.',
  unless: 'whoever makes the nodes sets it elsewhere, or the runtime has a limit of its own',
  kinds: kindsOfKubelets,
  *check({ object, kind }) {
    for (const settings of kubeletSettings(object, kind)) {
      const { podPidsLimit: limit, kubeReserved, systemReserved } = settings.values;
      if (limit == null ? !settings.whole : !(typeof limit === 'number' && limit <= 0)) continue;
      // With some kept back the node itself survives.
      if (keepsBack(kubeReserved) || keepsBack(systemReserved)) continue;
      yield {
        path: settings.pathOf('podPidsLimit'),
        what: `${settings.nameOf('podPidsLimit')} is ${limit ?? 'left out'}: a pod that leaks processes can take every process ID of its node`,
        fix: () => `${settings.written('podPidsLimit', 4096).lines}    # for example`,
      };
    }
  },
});

/** What cannot be read, a placeholder say, stands for something. */
function keepsBack(reserved: unknown): boolean {
  const pids = own(reserved, 'pid');
  return pids != null && parseQuantity(pids) !== 0;
}

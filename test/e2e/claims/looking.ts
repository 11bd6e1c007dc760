import { blocks, page } from '../../printed.ts';
import type { ControlPlane } from '../control-plane.ts';
import { guarded } from '../namespaces.ts';
import { passed, refusalOf } from '../outcome.ts';

const NAMESPACE = 'looked-at';

/** Told after all that makes traffic. */
export function looking(cluster: ControlPlane): void {
  describe('every command to look with', () => {
    // There is no kubelet here that has logs.
    const shown = blocks(page('operations.md', 'How to look'), 'sh').filter(
      one => !/^kubectl logs/.test(one),
    );
    for (const command of shown) {
      const [title = ''] = command.split('\n');
      if (command.includes('NAMESPACE'))
        it(`${title} is refused`, async () => {
          await guarded(cluster, NAMESPACE, 'enforce');
          refusalOf(await cluster.shell(command.replace('NAMESPACE', NAMESPACE)));
        });
      else it(`${title} runs as it is printed`, async () => void passed(await cluster.shell(command)));
    }
  });
}

import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { builtInKinds, machineKinds } from '../kubernetes/kinds.ts';
import { kindsInFiles } from '../kubernetes/kinds-in-files.ts';
import { isGone, removedApi } from '../kubernetes/removed-apis.ts';
import { isAtLeast } from '../kubernetes/version.ts';
import { targetVersion } from '../model/query.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'alpha-api',
  title: 'An alpha version of an API',
  severity: 'deny',
  lessons: [zalandoCronJob.lessons.alphaIsNoPromise],
  why:
    'Kubernetes serves an alpha version only where a feature gate says so, changes it without notice, and drops it in any ' +
    'release. What is stored in it may be unreadable after the next upgrade.',
  unless: 'the cluster is there to try such features out, and can be thrown away',
  kinds: [...builtInKinds, ...machineKinds, ...kindsInFiles],
  needs: { target: targetVersion },
  // A webhook is handed the stable version, whatever was sent: this is for files.
  *check({ object, known: { target } }) {
    const { apiVersion = '', kind = '' } = object;
    if (!/\/v\d+alpha\d+$/.test(apiVersion)) return;
    const removed = removedApi(`${apiVersion} ${kind}`);
    const gone = removed !== undefined && isGone(removed, target);
    const { successor, since } = removed ?? {};
    const stable =
      since !== undefined && target !== undefined && !isAtLeast(target, since) ? undefined : successor;
    yield {
      path: ['apiVersion'],
      what: `${apiVersion} is an alpha version, which any upgrade may change or drop${removed ? `; Kubernetes ${removed.removedIn} ${gone ? 'dropped' : 'drops'} it` : ''}`,
      fix: () =>
        stable === undefined
          ? 'write the version that is served without a feature gate, if there is one: kubectl api-resources'
          : `apiVersion: ${stable.split(' ')[0]}`,
      // What is gone, removed-api tells. Whoever names no cluster may mean one that is there to be thrown away.
      severity: gone ? 'note' : target === undefined ? 'warn' : 'deny',
    };
  },
});

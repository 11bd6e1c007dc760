import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { builtInKinds, machineKinds } from '../kubernetes/kinds.ts';
import { kindsInFiles } from '../kubernetes/kinds-in-files.ts';
import { isGone, type RemovedApi, removedApi } from '../kubernetes/removed-apis.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { isAtLeast, type KubernetesVersion } from '../kubernetes/version.ts';
import { targetVersion } from '../model/query.ts';
import { rule, type Severity } from '../model/rule.ts';

export default rule({
  id: 'removed-api',
  title: 'An API version that Kubernetes no longer serves',
  severity: 'deny',
  lessons: [zalandoCronJob.lessons.versionsGoAway],
  why:
    'Kubernetes stops serving old API versions. What runs goes on after the upgrade, but its manifest can no longer be ' +
    'applied: it comes to light with the next roll-out, or when a cluster has to be built anew from its files.',
  unless: 'the manifest is for a cluster older than that, and will not outlive it',
  kinds: [...builtInKinds, ...machineKinds, ...kindsInFiles],
  needs: { target: targetVersion },
  // The API server refuses such a request by itself, and hands a webhook the served version: this is for files.
  *check({ object, known: { target } }) {
    const { apiVersion = '', kind = '' } = object;
    const removed = removedApi(`${apiVersion} ${kind}`);
    if (!removed) return;
    const { successor, remark } = removed;
    const [version = '', name] = successor?.split(' ') ?? [];
    const tooNew = notServedYet(removed, target);
    yield {
      path: ['apiVersion'],
      what: `${whatBecomesOf(`${apiVersion} ${kind}`, removed, target)}${successor === undefined ? ', and nothing has taken its place under that name' : ''}`,
      fix: () => {
        if (successor === undefined) return remark ?? 'leave it out';
        const lines = name === kind ? { apiVersion: version } : { apiVersion: version, kind: name };
        return [snippet([], lines), remark, tooNew].filter(line => line !== undefined).join('\n');
      },
      edits:
        successor !== undefined && remark === undefined && tooNew === undefined
          ? [{ op: 'set', path: ['apiVersion'], value: version }]
          : [],
      severity: severityOf(removed, target),
    };
  },
});

/** Refused is what the cluster will refuse; a cluster that nobody has named may be an old one. */
function severityOf(removed: RemovedApi, target: KubernetesVersion | undefined): Severity {
  if (target !== undefined) return isGone(removed, target) ? 'deny' : 'warn';
  return isGone(removed) ? 'warn' : 'note';
}

function whatBecomesOf(api: string, removed: RemovedApi, target: KubernetesVersion | undefined): string {
  const { removedIn } = removed;
  if (!isGone(removed, target))
    return `Kubernetes ${removedIn} stops serving ${api}${target === undefined ? '' : `, which ${target} has not done yet`}`;
  const here = target === undefined || target === removedIn ? '' : `, so not in ${target}`;
  return `${api} cannot be created since Kubernetes ${removedIn}${here}`;
}

/** What to know of a successor that such a version does not serve yet; undefined where it does. */
function notServedYet(removed: RemovedApi, target: KubernetesVersion | undefined): string | undefined {
  const { since } = removed;
  if (since === undefined || target === undefined || isAtLeast(target, since)) return undefined;
  return `Kubernetes ${since} is the first to serve that${isGone(removed, target) ? `; kubectl api-resources names what ${target} serves` : ', so write it with the upgrade'}`;
}

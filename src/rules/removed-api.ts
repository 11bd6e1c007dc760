import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { builtInKinds } from '../kubernetes/kinds.ts';
import { kindsInFiles } from '../kubernetes/kinds-in-files.ts';
import { removedApi } from '../kubernetes/removed-apis.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'removed-api',
  title: 'An API version that Kubernetes no longer serves',
  severity: 'warn',
  lessons: [zalandoCronJob.lessons.versionsGoAway],
  why:
    'Kubernetes stops serving old API versions. What runs goes on after the upgrade, but its manifest can no longer be ' +
    'applied: it comes to light with the next roll-out, or when a cluster has to be built anew from its files.',
  unless: 'the manifest is for a cluster older than that, and will not outlive it',
  kinds: [...builtInKinds, ...kindsInFiles],
  // The API server refuses such a request by itself, and hands a webhook the served version: this is for files.
  *check({ object }) {
    const { apiVersion = '', kind = '' } = object;
    const removed = removedApi(`${apiVersion} ${kind}`);
    if (!removed) return;
    const { removedIn, successor, remark } = removed;
    const [version = '', name] = successor?.split(' ') ?? [];
    yield {
      path: ['apiVersion'],
      what: `${apiVersion} ${kind} cannot be created since Kubernetes ${removedIn}${successor === undefined ? ', and nothing has taken its place under that name' : ''}`,
      fix: () => {
        if (successor === undefined) return remark ?? 'leave it out';
        const lines = name === kind ? { apiVersion: version } : { apiVersion: version, kind: name };
        return `${snippet([], lines)}${remark === undefined ? '' : `\n${remark}`}`;
      },
      edits:
        successor !== undefined && remark === undefined
          ? [{ op: 'set', path: ['apiVersion'], value: version }]
          : [],
    };
  },
});

import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { CronJob, Job } from '../kubernetes/kinds.ts';
import { annotation } from '../kubernetes/object.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const MOST = 10;
/** Argo CD deletes its hooks by a policy of its own. */
const ARGO_HOOK = 'argocd.argoproj.io/hook';
const LIMITS = ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const;

export default rule({
  id: 'job-history-unbounded',
  title: 'Finished Jobs pile up, with their Pods',
  severity: 'note',
  lessons: [zalandoCronJob.lessons.historyIsShort],
  why:
    'A finished Job keeps its Pods, as objects that the API server and every controller hold, until somebody deletes it. ' +
    'Those that nothing deletes add up to thousands, which each list and each restart has to carry.',
  unless: 'somebody reads the old Jobs, and deletes them afterwards',
  kinds: [CronJob, Job],
  *check({ object, kind }) {
    const { spec, metadata } = object;
    if (kind === CronJob) {
      for (const field of LIMITS) {
        const limit = spec && field in spec ? spec[field as keyof typeof spec] : undefined;
        if (typeof limit !== 'number' || limit <= MOST) continue;
        const path = ['spec', field];
        yield {
          path,
          what: `${field}: ${limit} keeps ${limit} finished Jobs, with all their Pods`,
          fix: () => `${snippet(path, 3)}    # an example`,
        };
      }
      return;
    }
    // Under a name of its own the next one has to replace it.
    if (!metadata?.generateName || !spec || 'jobTemplate' in spec) return;
    if (spec.ttlSecondsAfterFinished != null || annotation(object, ARGO_HOOK) !== undefined) return;
    const path = ['spec', 'ttlSecondsAfterFinished'];
    yield {
      path,
      what: `each time another ${metadata.generateName}… is made, and nothing deletes those that are finished`,
      fix: () => `${snippet(path, 3600)}    # an example: an hour`,
    };
  },
});

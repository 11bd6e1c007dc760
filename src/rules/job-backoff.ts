import type { V1JobSpec } from '@kubernetes/client-node';
import { gliaCronJobs } from '../incidents/glia-eks-cronjobs.ts';
import { CronJob, Job } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** k8s pkg/apis/batch/v1/defaults.go */
const DEFAULT_BACKOFF_LIMIT = 6;
const MOST_RETRIES = 10;
const MOST_PODS = 100;

export default rule({
  id: 'job-backoff',
  title: 'A failing Job starts Pod after Pod',
  severity: 'note',
  lessons: [gliaCronJobs.lessons.retriesArePods],
  why:
    'Each retry of a Job with restartPolicy Never is another Pod, and the failed ones stay for their logs. A mistake that ' +
    'no retry mends, such as a missing password, then fills nodes and address ranges with Pods that do nothing.',
  unless: 'each retry is likely to get further than the last',
  kinds: [CronJob, Job],
  *check({ object, kind }) {
    const path = kind === CronJob ? ['spec', 'jobTemplate', 'spec'] : ['spec'];
    const job = (kind === CronJob ? own(own(object.spec, 'jobTemplate'), 'spec') : object.spec) as
      | V1JobSpec
      | undefined;
    if (!job?.template) return;
    const { backoffLimit, parallelism } = job;
    const retries = backoffLimit ?? DEFAULT_BACKOFF_LIMIT;
    const pods = (parallelism ?? 1) * (retries + 1);
    const never = job.template.spec?.restartPolicy === 'Never';
    if (retries <= MOST_RETRIES && !(never && pods > MOST_PODS)) return;
    const limit = [...path, 'backoffLimit'];
    yield {
      path: limit,
      what: `a run that cannot succeed is tried ${retries + 1} times${never ? ', in a new Pod each time' : ''}${(parallelism ?? 1) > 1 ? `, ${parallelism} side by side` : ''}`,
      fix: () => `${snippet(limit, 3)}    # an example`,
    };
  },
});

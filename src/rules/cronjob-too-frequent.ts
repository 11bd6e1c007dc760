import { flantCgroupChurn } from '../incidents/flant-cgroup-churn.ts';
import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { parseSchedule, runsInWords, smallestGapMinutes } from '../kubernetes/cron.ts';
import { CronJob } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const LEAST_MINUTES = 5;

export default rule({
  id: 'cronjob-too-frequent',
  title: 'A CronJob runs more often than every five minutes',
  severity: 'warn',
  lessons: [flantCgroupChurn.lessons.cronsChurn, zalandoCronJob.lessons.lessOften],
  why:
    'Every run makes a Job, a Pod, its cgroups and its mounts, and all of them have to be cleaned up again. Runs that ' +
    'come faster than the kubelet, the kernel and the API server tidy up slow the whole node down.',
  unless: 'the job is a light probe that must run this often, and the cluster carries it',
  kinds: [CronJob],
  *check({ object }) {
    const { schedule, suspend } = object.spec ?? {};
    const parsed = parseSchedule(schedule ?? '');
    if (!parsed.ok || suspend === true) return;
    const gap = smallestGapMinutes(parsed.schedule);
    if (gap === undefined || gap >= LEAST_MINUTES) return;

    const minutes = gap === 1 ? '1 minute' : `${Number(gap.toFixed(2))} minutes`;
    yield {
      path: ['spec', 'schedule'],
      what: `schedule "${schedule}" starts ${runsInWords(parsed.schedule)}, at times ${minutes} apart`,
      fix: () =>
        `${snippet(['spec', 'schedule'], '*/5 * * * *')}    # an example: every five minutes\n` +
        'or make it a Deployment whose one process waits between its rounds',
    };
  },
});

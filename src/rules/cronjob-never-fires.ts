import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { neverFires, parseSchedule } from '../kubernetes/cron.ts';
import { CronJob } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'cronjob-never-fires',
  title: 'A CronJob that will never run',
  severity: 'warn',
  lessons: [zalandoCronJob.lessons.acceptedIsNotUnderstood],
  why:
    'Kubernetes accepts a schedule whose fields are well-formed, even if no day of the calendar fits them. The CronJob ' +
    'is created, shows no error, and its backup or clean-up is missed when it is needed.',
  unless: 'it is only ever started by hand; suspend: true says so more clearly',
  kinds: [CronJob],
  *check({ object }) {
    const { schedule, suspend } = object.spec ?? {};
    const parsed = parseSchedule(schedule ?? '');
    if (!parsed.ok || suspend === true || !neverFires(parsed.schedule)) return;
    yield {
      path: ['spec', 'schedule'],
      what: `schedule "${schedule}" is accepted by Kubernetes and never comes true`,
      fix: () =>
        `${snippet(['spec', 'schedule'], '0 0 28-31 * *')}    # an example: the last days of every month`,
    };
  },
});

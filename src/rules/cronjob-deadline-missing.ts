import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { CronJob } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const DEADLINE = ['spec', 'jobTemplate', 'spec', 'activeDeadlineSeconds'];
const POD_DEADLINE = ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'activeDeadlineSeconds'];
/** k8s pkg/apis/batch/v1/defaults.go */
const DEFAULT_BACKOFF_LIMIT = 6;

export default rule({
  id: 'cronjob-deadline-missing',
  title: 'A hung run of a CronJob lives for ever',
  severity: 'warn',
  lessons: [zalandoCronJob.lessons.everyRunNeedsADeadline, zalandoCronJob.lessons.deadlineBelongsToTheJob],
  why:
    'A Job without activeDeadlineSeconds may run for ever. With concurrencyPolicy Allow the next runs pile up behind ' +
    'a hung one; with Forbid no run ever starts again, and nobody is told.',
  unless: 'the program is sure to end by itself, however long it takes',
  kinds: [CronJob],
  *check({ object }) {
    const job = object.spec?.jobTemplate?.spec;
    // Without a schedule it is a patch, merged into a CronJob that may say more.
    if (!job || object.spec?.schedule === undefined) return;
    // With Replace the next run ends it.
    if (object.spec.suspend === true || object.spec.concurrencyPolicy === 'Replace') return;
    if (job.activeDeadlineSeconds != null) return;

    const inPod = job.template?.spec?.activeDeadlineSeconds;
    if (inPod != null) {
      const tries = (job.backoffLimit ?? DEFAULT_BACKOFF_LIMIT) + 1;
      yield {
        path: POD_DEADLINE,
        what: `activeDeadlineSeconds: ${inPod} is set on the pod, not on the Job: it ends the pod, and the Job starts another, up to ${tries} in all`,
        fix: () => `move it from the pod template to the Job:\n${snippet(DEADLINE, inPod)}`,
        edits: [{ op: 'move', from: POD_DEADLINE, path: DEADLINE }],
      };
      return;
    }
    yield {
      path: DEADLINE,
      what: 'the Jobs that it starts have no activeDeadlineSeconds, so a run that hangs is never ended',
      fix: () => `${snippet(DEADLINE, 600)}    # 600 is an example: several times what a healthy run takes`,
    };
  },
});

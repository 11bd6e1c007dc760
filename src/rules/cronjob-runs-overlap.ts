import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { runsInWords } from '../kubernetes/cron.ts';
import { gapOf, mayPileUp, scheduleOf } from '../kubernetes/cron-job.ts';
import { CronJob } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** Runs closer than this are refused: at this pace the incident's pods piled up within a working day. */
const REFUSED_MINUTES = 15;
const WARNED_MINUTES = 60;

export default rule({
  id: 'cronjob-runs-overlap',
  title: 'Runs of a CronJob can pile up without bound',
  severity: 'deny',
  lessons: [zalandoCronJob.lessons.runsMustNotOverlap],
  why:
    'With concurrencyPolicy Allow, which is the default, every run starts whether or not the last one has ended. ' +
    'When the job hangs, or what it calls is slow, its pods pile up run after run, until they fill the cluster and ' +
    'the API server goes down with them.',
  unless:
    'runs may overlap by design and each is sure to end, for instance because its program has a time limit of its own',
  kinds: [CronJob],
  *check({ object, previous }) {
    const { spec } = object;
    if (!spec || spec.suspend === true || !mayPileUp(spec)) return;
    const schedule = scheduleOf(spec);
    const gap = gapOf(spec);
    if (!schedule || gap > WARNED_MINUTES) return;
    const before =
      previous?.spec && mayPileUp(previous.spec) ? gapOf(previous.spec) : Number.POSITIVE_INFINITY;
    const often = gap <= REFUSED_MINUTES;
    // A milder schedule leaves the fault what it was; a worse one makes it another.
    const wasOften = before <= REFUSED_MINUTES && previous?.spec?.suspend !== true;
    // Whoever suspended it in an outage must be able to let it go on as it was, or less often.
    const isResumed = previous?.spec?.suspend === true && gap >= before;
    yield {
      path: ['spec', 'concurrencyPolicy'],
      key: often || wasOften ? 'runs-overlap-often' : 'runs-overlap',
      what: `schedule "${spec.schedule}" starts ${runsInWords(schedule)}; each may overlap the last, and nothing ever ends one`,
      fix: () => snippet(['spec', 'concurrencyPolicy'], 'Forbid'),
      edits: [{ op: 'set', path: ['spec', 'concurrencyPolicy'], value: 'Forbid' }],
      severity: often && !isResumed ? 'deny' : 'warn',
    };
  },
});

import type { V1CronJobSpec } from '@kubernetes/client-node';
import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { parseSchedule, runsInWords, smallestGapMinutes } from '../kubernetes/cron.ts';
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
    if (!spec || spec.suspend === true || (spec.concurrencyPolicy ?? 'Allow') !== 'Allow') return;
    if (deadlinesOf(spec).some(deadline => deadline != null)) return;

    const parsed = parseSchedule(spec.schedule ?? '');
    const gap = parsed.ok ? smallestGapMinutes(parsed.schedule) : undefined;
    if (!parsed.ok || gap === undefined || gap > WARNED_MINUTES) return;
    const often = gap <= REFUSED_MINUTES;
    yield {
      path: ['spec', 'concurrencyPolicy'],
      key: often ? 'runs-overlap-often' : 'runs-overlap',
      what: `schedule "${spec.schedule}" starts ${runsInWords(parsed.schedule)}; each may overlap the last, and nothing ever ends one`,
      fix: () => snippet(['spec', 'concurrencyPolicy'], 'Forbid'),
      edits: [{ op: 'set', path: ['spec', 'concurrencyPolicy'], value: 'Forbid' }],
      severity: often && !isResumed(spec, previous?.spec) ? 'deny' : 'warn',
    };
  },
});

/** Whoever suspended it in an outage must be able to let it go on as it was. */
function isResumed(spec: V1CronJobSpec, before: V1CronJobSpec | undefined): boolean {
  if (before?.suspend !== true || before.schedule !== spec.schedule) return false;
  return (
    (before.concurrencyPolicy ?? 'Allow') === 'Allow' &&
    deadlinesOf(before).every(deadline => deadline == null)
  );
}

function deadlinesOf({ jobTemplate }: V1CronJobSpec): (number | null | undefined)[] {
  const job = jobTemplate?.spec;
  return [job?.activeDeadlineSeconds, job?.template?.spec?.activeDeadlineSeconds];
}

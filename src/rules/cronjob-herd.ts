import type { V1CronJob } from '@kubernetes/client-node';
import { flantSystemdMounts } from '../incidents/flant-systemd-mounts.ts';
import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { inFields, parseSchedule, type Schedule } from '../kubernetes/cron.ts';
import { herdsAmong } from '../kubernetes/cron-week.ts';
import { CronJob } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { amongFiles } from '../model/query.ts';
import { rule } from '../model/rule.ts';

const MOST_TOGETHER = 10;
const MOST_NAMED = 3;

export default rule({
  id: 'cronjob-herd',
  title: 'Many CronJobs start in the same minute',
  severity: 'note',
  lessons: [flantSystemdMounts.lessons.clocksAgree, zalandoCronJob.lessons.lessOften],
  why:
    'Kubernetes adds no delay of its own: what is due in a minute is started in that minute. The Jobs are made, their Pods ' +
    'scheduled, their images pulled and their cgroups set up all at once, and the cluster that idles for the rest of the ' +
    'hour has to be sized for that moment.',
  unless: 'the jobs are light, or have to see the same moment',
  kinds: [CronJob],
  needs: { cronJobs: amongFiles([CronJob]) },
  *check({ object, known }) {
    const { all, self } = known.cronJobs;
    const herd = self && herdsLedIn(all).get(self);
    if (!herd) return;
    const { schedule = '' } = object.spec ?? {};
    const { others, when } = herd;
    const more = others.length - MOST_NAMED;
    yield {
      path: ['spec', 'schedule'],
      what: `schedule "${schedule}" starts it with ${others.length} other CronJobs of these files, at ${when}: ${others.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      fix: () => fixOf(schedule),
    };
  },
});

function fixOf(schedule: string): string {
  const [minute = '', ...rest] = inFields(schedule).split(/\s+/);
  if (!/^\d+$/.test(minute)) return 'give each minutes of its own, in place of those that all of them have';
  return `give each a minute of its own:\n${snippet(['spec', 'schedule'], ['17', ...rest].join(' '))}    # 17 is an example`;
}

/** Those that lead a herd, each with the largest of theirs. */
function herdsLedIn(all: readonly V1CronJob[]): ReadonlyMap<V1CronJob, Herd> {
  const known = remembered.get(all);
  if (known) return known;
  const led = new Map<V1CronJob, Herd>();
  for (const alike of byTimeZone(all)) {
    for (const { members, when } of herdsAmong(
      alike.map(({ schedule }) => schedule),
      MOST_TOGETHER,
    )) {
      const [first, ...others] = members.map(index => alike[index]?.object);
      if (first) led.set(first, { others: others.map(one => one?.metadata?.name ?? ''), when });
    }
  }
  remembered.set(all, led);
  return led;
}

interface Herd {
  others: readonly string[];
  when: string;
}

/** Each CronJob of a run asks about the same ones. */
const remembered = new WeakMap<readonly V1CronJob[], ReadonlyMap<V1CronJob, Herd>>();

interface Scheduled {
  object: V1CronJob;
  schedule: Schedule;
}

/** Those that run, each once: the same CronJob may stand in the folders of several environments. */
function byTimeZone(all: readonly V1CronJob[]): Iterable<Scheduled[]> {
  const names = new Set<string>();
  const zones = new Map<string, Scheduled[]>();
  for (const object of all) {
    const { schedule, suspend, timeZone = '' } = object.spec ?? {};
    const parsed = parseSchedule(typeof schedule === 'string' ? schedule : '');
    const name = `${object.metadata?.namespace ?? ''}/${object.metadata?.name ?? ''}`;
    if (!parsed.ok || suspend === true || names.has(name)) continue;
    names.add(name);
    const zone = zones.get(timeZone) ?? [];
    zones.set(timeZone, zone);
    zone.push({ object, schedule: parsed.schedule });
  }
  return zones.values();
}

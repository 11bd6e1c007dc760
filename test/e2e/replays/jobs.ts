import { passed } from '../outcome.ts';
import { job, report, runReport, succeed } from './props.ts';
import type { Replay } from './replay.ts';

export const jobs: readonly Replay[] = [
  {
    lesson: 'L38',
    rule: 'cronjob-deadline-missing',
    told: 'warn',
    story: 'a run that hangs is never ended',
    deed: (stage, ...how) => stage.apply(report({}), ...how),
    harm: async stage => {
      await runReport(stage, 'now');
      await stage.hasPods(1);
      await stage.stays('it runs', async () => (await stage.value('job/now', '.status.active')) === '1');
    },
    mended: stage => stage.apply(report({ activeDeadlineSeconds: 1 })),
    spared: async stage => {
      await runReport(stage, 'now');
      await stage.becomes('job/now', '.status.conditions[?(@.type=="Failed")].reason', 'DeadlineExceeded');
      await stage.hasPods(0);
    },
  },
  {
    lesson: 'L39',
    rule: 'job-history-unbounded',
    told: 'note',
    story: 'a Job that is done stays, and its Pod with it',
    deed: (stage, ...how) => stage.create(job({}), ...how),
    harm: async stage => {
      await succeed(stage);
      await stage.becomes('jobs', '.items[*].status.succeeded', '1');
      await stage.keepsPods(1);
    },
    mended: stage => stage.create(job({ ttlSecondsAfterFinished: 0 })),
    spared: async stage => {
      await succeed(stage);
      await stage.becomes('jobs', '.items', '[]');
      await stage.hasPods(0);
    },
  },
  {
    lesson: 'L43',
    rule: 'no-pod-quota',
    told: 'note',
    story: 'runs that hang pile up, and nothing in the namespace bounds them',
    deed: (stage, ...how) => stage.apply(report({}, HALF_HOURLY), ...how),
    harm: async stage => {
      for (const run of ['one', 'two', 'three']) await runReport(stage, run);
      await stage.hasPods(3);
    },
    mended: async stage => {
      passed(await stage.kubectl('create', 'quota', 'pods', '--hard=pods=2'));
      return stage.apply(report({}, HALF_HOURLY));
    },
    spared: async stage => {
      await stage.becomes('quota/pods', '.status.used.pods', '0');
      for (const run of ['one', 'two', 'three']) await runReport(stage, run);
      await stage.keepsPods(2);
    },
  },
];

const HALF_HOURLY = { schedule: '0,30 0 1 1 *', concurrencyPolicy: 'Allow' };

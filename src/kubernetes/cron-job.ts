import type { V1CronJobSpec } from '@kubernetes/client-node';
import { parseSchedule, type Schedule, smallestGapMinutes } from './cron.ts';

/** May a run begin while others go on, with nothing in the manifest that ever ends one? */
export function mayPileUp({ concurrencyPolicy, jobTemplate }: V1CronJobSpec): boolean {
  const job = jobTemplate?.spec;
  const deadlines = [job?.activeDeadlineSeconds, job?.template?.spec?.activeDeadlineSeconds];
  return (concurrencyPolicy ?? 'Allow') === 'Allow' && deadlines.every(deadline => deadline == null);
}

/** When it runs, undefined where that cannot be told. The time zone is left out. */
export function scheduleOf({ schedule }: V1CronJobSpec): Schedule | undefined {
  const parsed = parseSchedule(withoutZone(schedule));
  return parsed.ok ? parsed.schedule : undefined;
}

/** In minutes: the shortest time from one run to the next, without an end where there is no next one. */
export function gapOf(spec: V1CronJobSpec): number {
  const schedule = scheduleOf(spec);
  return (schedule && smallestGapMinutes(schedule)) ?? Number.POSITIVE_INFINITY;
}

/** An old CronJob may name its zone in the schedule, and keep it (k8s pkg/apis/batch/validation/validation.go). */
function withoutZone(schedule: string | undefined): string {
  return (schedule ?? '').replace(/^(?:CRON_)?TZ=\S{1,100}\s+/, '');
}

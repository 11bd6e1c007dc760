/** What all reports say in the same words. */
import type { Lesson } from '../model/incident.ts';

/** `Datadog 2018: …` */
export function storyOf({ incident: { who, when }, inShort }: Lesson): string {
  return `${who} ${when}: ${inShort}`;
}

/** Why a waiver does not hold. */
export const WAIVER_PROBLEMS = {
  expired: 'its last day has passed',
  needless: 'there is nothing to waive',
  'without-reason': 'it gives no reason',
  malformed: 'a last day is written at its end, as in "<reason>; until=2026-12-31"',
  'unknown-rule': 'there is no such rule',
  ignored: 'annotations waive nothing here, only the configuration does',
} as const;

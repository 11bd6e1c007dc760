import { decide } from '../engine/decide.ts';
import { review as reviewOf, type Settings } from '../engine/review.ts';
import type { Intake } from '../intake/admission-review.ts';
import { Namespace } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { printable } from '../model/printable.ts';
import type { Review } from '../model/report.ts';
import { formatRef, refOf, type Subject } from '../model/subject.ts';
import { labelledMode, MODE_LABEL, MODES, type Mode, type Verdict } from '../model/verdict.ts';

/** The last step of the URL: the mode itself, or that the object's own label tells it. */
export const ROUTES = [...MODES, 'by-label'] as const;
export type Route = (typeof ROUTES)[number];

export interface Judged {
  result: 'judged';
  uid: string;
  mode: Mode;
  subject: Subject;
  review: Review;
  verdict: Verdict;
}

/** A request that is allowed without a look at it. */
export interface Passed {
  result: 'passed';
  uid: string;
  because: string;
  /** What the person who sent it should know all the same. */
  warnings: string[];
}

/** What is not a whole release. */
type ObjectIntake = Exclude<Intake, { ok: false } | { release: unknown }>;

/** Judges one object, if it can be judged, in the mode of the route. */
export function outcomeOf(route: Route, intake: ObjectIntake, settings: Settings): Judged | Passed {
  const { uid } = intake;
  if ('exempt' in intake) return { result: 'passed', uid, because: intake.exempt, warnings: [] };
  const { subject } = intake;
  const mode = route === 'by-label' ? ownMode(subject) : route;
  if (!mode)
    return {
      result: 'passed',
      uid,
      because: 'the namespace has not opted in',
      warnings: misspelled(subject),
    };
  const review = reviewOf(subject, settings);
  const verdict = decide(review, mode, settings.configuration);
  return { result: 'judged', uid, mode, subject, review, verdict };
}

/** The mode that a Namespace had before the change: what takes the label off is still judged by it. */
function ownMode({ kind, object, previous }: Subject): Mode | undefined {
  return kind === Namespace ? labelledMode(previous?.object ?? object) : undefined;
}

/** A label that means nothing looks like protection and is none. */
function misspelled({ kind, object, operation }: Subject): string[] {
  const label = own(object.metadata?.labels, MODE_LABEL);
  if (kind !== Namespace || operation === 'DELETE' || typeof label !== 'string') return [];
  if (labelledMode(object)) return [];
  const name = formatRef(refOf(object));
  return [
    `${name}: ${MODE_LABEL} is "${printable(label, 63)}", none of ${MODES.join(', ')}: nothing is checked in it`,
  ];
}

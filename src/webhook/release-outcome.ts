import { decide } from '../engine/decide.ts';
import { mergeReviews } from '../engine/merge.ts';
import { review as reviewOf, type Settings } from '../engine/review.ts';
import type { Intake } from '../intake/admission-review.ts';
import { Namespace } from '../kubernetes/kinds.ts';
import { SYSTEM_NAMESPACES } from '../kubernetes/namespaces.ts';
import { ownedByRelease } from '../model/query.ts';
import { type Finding, isNew, type Review, type Undecided } from '../model/report.ts';
import { homeOf, type Identity, known, refOf, type Subject } from '../model/subject.ts';
import { strictest } from '../model/verdict.ts';
import { applied } from '../world/applied.ts';
import type { Bench } from './answer-body.ts';
import { withLiveStates } from './live-states.ts';
import type { Judged, Passed, Route } from './outcome.ts';
import { releaseModes } from './release-modes.ts';

/**
 * Judges a release whole: what it holds, as if each object were being applied, and what it drops. Nothing of it is in
 * the cluster yet.
 */
export async function releaseOutcome(
  route: Route,
  intake: Extract<Intake, { release: unknown }>,
  { settings, intake: { ownNamespace }, live }: Omit<Bench, 'settings'> & { settings: Settings },
): Promise<Judged | Passed> {
  const { uid, release, storedIn } = intake;
  const modes = route === 'by-label' ? releaseModes(release, storedIn, settings.world) : known(() => route);
  if (!modes.known) {
    const subject = { ...release.subject, unreadable: modes.because };
    const review = reviewOf(subject, settings);
    return {
      result: 'judged',
      uid,
      mode: 'warn',
      subject,
      review,
      verdict: decide(review, 'warn', settings.configuration),
    };
  }
  const modeIn = modes.value;
  const leftAlone = [...SYSTEM_NAMESPACES, ownNamespace];
  const { subject } = release;
  const members = release.members.filter(({ object }) => {
    const home = homeOf(refOf(object));
    return modeIn(home) && !(home && leftAlone.includes(home));
  });
  const after = { ...settings, world: applied(release.members, settings.world) };
  const reviews = await reviewMembers(members, subject, after, live);
  const review = mergeReviews(reviewOf(subject, after), reviews);
  review.findings = review.findings.filter(finding => modeIn(homeOfFinding(finding)));
  const mode = strictest([
    modeIn(refOf(subject.object).namespace),
    ...members.map(({ object }) => modeIn(homeOf(refOf(object)))),
    ...review.findings.map(finding => modeIn(homeOfFinding(finding))),
    ...mayGo(subject, settings).map(({ metadata }) => modeIn(metadata?.name ?? null)),
  ]);
  if (!mode)
    return { result: 'passed', uid, because: 'no namespace of the release has opted in', warnings: [] };
  const verdict = decide(review, mode, settings.configuration, one => modeIn(homeOfFinding(one)) ?? mode);
  return { result: 'judged', uid, mode, subject, review, verdict };
}

/** The Namespaces of a release that cannot be read: whoever guards one is told what could not be checked. */
function mayGo(subject: Subject, { world }: Settings): readonly Identity[] {
  if (subject.unreadable === undefined) return [];
  const owned = world.ask(ownedByRelease(Namespace), subject);
  return owned.known ? (owned.value as readonly Identity[]) : [];
}

/** What is there already matters only to what would be refused. */
async function reviewMembers(
  members: readonly Subject[],
  { operation }: Subject,
  settings: Settings,
  live: Bench['live'],
): Promise<Review[]> {
  const reviews = new Map(members.map(member => [member, reviewOf(member, settings)]));
  const faulty = members.filter(member => reviews.get(member)?.findings.some(isRefusable));
  for (const [member, change] of await withLiveStates(faulty, operation, { live, world: settings.world }))
    reviews.set(member, reviewOf(change, settings));
  return [...reviews.values()];
}

function isRefusable(finding: Finding): boolean {
  return finding.severity === 'deny' && isNew(finding);
}

function homeOfFinding(one: Finding | Undecided): string | null {
  return homeOf('about' in one && one.about ? refOf(one.about) : one.object);
}

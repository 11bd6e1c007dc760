import { WaiverAudit } from '../engine/configured-waivers.ts';
import { review, type Settings } from '../engine/review.ts';
import { type FileObject, readObjects, subjectOf } from '../intake/files.ts';
import type { Source } from '../intake/sources.ts';
import { HOOK } from '../kubernetes/helm.ts';
import { kindOf } from '../kubernetes/kinds.ts';
import { annotation, groupOf, type KubeObject } from '../kubernetes/object.ts';
import { defaultConfiguration } from '../model/configuration.ts';
import { Release, release } from '../model/release.ts';
import type { InputError, Report, Review } from '../model/report.ts';
import { refOf, type State, type Subject, unknown } from '../model/subject.ts';
import { rules } from '../rules/index.ts';
import { applied } from '../world/applied.ts';
import { bundle } from '../world/bundle.ts';
import { lookUp } from './looked-up.ts';

/**
 * Reviews files as if they were being applied, in place of the previous revision if there is one. Each is parsed,
 * judged and let go before the next, so that thousands of them take no more memory than their text. What cannot be
 * read is added to `errors`.
 */
export function reviewRevision(
  sources: readonly Source[],
  before: readonly Source[] | undefined,
  today: string,
  errors: InputError[],
  configuration = defaultConfiguration,
): Report {
  const report: Report = { reviews: [], errors, files: sources.length, objects: 0 };
  const settings = { rules, today, configuration, target: configuration.kubernetesVersion };
  report.reviews = reviewsOf(sources, before, settings, report);
  return report;
}

function* reviewsOf(
  sources: readonly Source[],
  before: readonly Source[] | undefined,
  given: Omit<Settings, 'world'>,
  report: Report,
): Generator<Review> {
  const read = (source: Source) => {
    const { objects, errors, misfits } = readObjects(source);
    for (const error of [...errors, ...misfits]) report.errors.push(error);
    return objects;
  };
  // Of an object that stands twice the last counts, so that what is live can be put after what was rendered.
  const previous = before && new Map(before.flatMap(read).map(one => [identity(one.object), one]));
  const { objects, members } = lookUp(sources, rules);
  const world = bundle(objects, previous && [...previous.values()], members);
  const waivers = new WaiverAudit(given.configuration, given.today);
  const audited = (one: Review) => {
    waivers.add(one);
    return one;
  };
  const released: FileObject[] = [];
  for (const source of sources) {
    for (const one of read(source)) {
      report.objects += 1;
      if (previous || one.origin.template !== undefined) released.push(one);
      const { object } = previous?.get(identity(one.object)) ?? {};
      yield audited(review(subjectOf(one, object), { ...given, world }));
    }
  }
  if (previous || released.length > 0) {
    const subject = asRelease(released, previous && [...previous.values()]);
    yield audited(review(subject, { ...given, world: applied(released, world) }));
  }
  yield* waivers.end();
}

/** A revision, or a chart that was rendered, as one thing: it takes the place of what is there and drops what it lacks. */
function asRelease(objects: readonly FileObject[], before: readonly FileObject[] | undefined): Subject {
  const state = (name: string, held: readonly FileObject[]): State => ({
    object: release(
      name,
      undefined,
      held.map(({ object }) => object).filter(object => annotation(object, HOOK) === undefined),
    ),
    asWritten: unknown('a release is no manifest'),
  });
  if (!before) return { operation: 'CREATE', kind: Release, ...state('rendered chart', objects) };
  const previous = state('previous revision', before);
  return { operation: 'UPDATE', kind: Release, previous, ...state('new revision', objects) };
}

function identity(object: KubeObject): string {
  const { kind, namespace, name } = refOf(object);
  return [kindOf(object)?.group ?? groupOf(object.apiVersion ?? ''), kind, namespace ?? '', name].join('\n');
}

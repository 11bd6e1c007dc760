import { review } from '../engine/review.ts';
import { type FileObject, readObjects, subjectOf } from '../intake/files.ts';
import type { Source } from '../intake/sources.ts';
import { kindOf } from '../kubernetes/kinds.ts';
import { groupOf, type KubeObject } from '../kubernetes/object.ts';
import { askedKinds } from '../model/query.ts';
import { Release, release } from '../model/release.ts';
import type { InputError, Report, Review } from '../model/report.ts';
import { refOf, type Subject, unknown } from '../model/subject.ts';
import { rules } from '../rules/index.ts';
import { bundle } from '../world/bundle.ts';

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
): Report {
  const report: Report = { reviews: [], errors, files: sources.length, objects: 0 };
  report.reviews = reviewsOf(sources, before, today, report);
  return report;
}

function* reviewsOf(
  sources: readonly Source[],
  before: readonly Source[] | undefined,
  today: string,
  report: Report,
): Generator<Review> {
  const read = (source: Source) => {
    const { objects, errors } = readObjects(source);
    for (const error of errors) report.errors.push(error);
    return objects;
  };
  const old = before?.flatMap(read);
  const previous = new Map(old?.map(({ object }) => [identity(object), object]));
  const settings = { rules, world: bundle(lookedUp(sources), old), today };
  const revision: KubeObject[] = [];
  for (const source of sources) {
    for (const one of read(source)) {
      report.objects += 1;
      if (old) revision.push(one.object);
      yield review(subjectOf(one, previous.get(identity(one.object))), settings);
    }
  }
  if (old) yield review(asRelease(revision), settings);
}

/** The objects that rules ask for while they judge others. A file that does not name their kind holds none. */
function lookedUp(sources: readonly Source[]): FileObject[] {
  const kinds = askedKinds(
    rules.map(({ needs }) => needs),
    'in-same-namespace',
  );
  return sources
    .filter(({ text }) => kinds.some(({ name }) => text.includes(name)))
    .flatMap(source => readObjects(source).objects);
}

/** A revision as one thing, which takes the place of what is there and drops what it lacks. */
function asRelease(objects: readonly KubeObject[]): Subject {
  const object = release('new revision', undefined, objects);
  return { operation: 'UPDATE', kind: Release, object, asWritten: unknown('a revision is no manifest') };
}

function identity(object: KubeObject): string {
  const { kind, namespace, name } = refOf(object);
  return [kindOf(object)?.group ?? groupOf(object.apiVersion ?? ''), kind, namespace ?? '', name].join('\n');
}

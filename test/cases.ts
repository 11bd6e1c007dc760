import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { decide } from '../src/engine/decide.ts';
import { mergeReviews } from '../src/engine/merge.ts';
import { review, type Settings } from '../src/engine/review.ts';
import { type FileObject, readObjects, subjectOf } from '../src/intake/files.ts';
import { kindOf } from '../src/kubernetes/kinds.ts';
import type { KubeObject } from '../src/kubernetes/object.ts';
import { defaultConfiguration } from '../src/model/configuration.ts';
import { Release, release } from '../src/model/release.ts';
import type { Review } from '../src/model/report.ts';
import { type Asker, type Subject, unknown } from '../src/model/subject.ts';
import type { World } from '../src/model/world.ts';
import { denial } from '../src/report/denial.ts';
import { warningLines } from '../src/report/warnings.ts';
import { rules } from '../src/rules/index.ts';
import { applied } from '../src/world/applied.ts';
import { bundle } from '../src/world/bundle.ts';

export const CASES = join(import.meta.dirname, 'rules');
/** The day on which the cases are judged. */
export const TODAY = '2026-11-21';

/** A manifest with what is done to it and what exists beside it; its rule is the folder's name. */
export interface Case {
  rule: string;
  side: 'bad' | 'good';
  name: string;
  file: string;
  text: string;
  /** An INSTALL or an UPGRADE rolls all of the manifest out as one release. */
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'INSTALL' | 'UPGRADE';
  oldObject: KubeObject | undefined;
  /** Who asks for it, where that matters. */
  asker?: Asker | undefined;
  /** What exists: for an UPGRADE, what the last revision made. */
  cluster: FileObject[];
}

export function allCases(): Case[] {
  return readdirSync(CASES).flatMap(rule => (['bad', 'good'] as const).flatMap(side => casesIn(rule, side)));
}

/** By which an object of the cases is judged that stands alone. */
export const caseSettings: Settings = {
  rules,
  world: bundle([], undefined),
  today: TODAY,
  configuration: defaultConfiguration,
};

/** Every object of the cases that is made. */
export function createdObjects(): KubeObject[] {
  return allCases()
    .filter(({ operation }) => operation === 'CREATE')
    .flatMap(({ file, text }) => readObjects({ file, text }).objects.map(({ object }) => object));
}

function casesIn(rule: string, side: 'bad' | 'good'): Case[] {
  const folder = join(CASES, rule, side);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(file => /^[a-z0-9-]+\.yaml$/.test(file))
    .map(file => {
      const path = join(folder, file);
      const [request] = objectsIn(path.replace(/\.yaml$/, '.request.yaml'), true);
      return {
        rule,
        side,
        name: file.slice(0, -5),
        file: relative(join(CASES, '../..'), path),
        text: readFileSync(path, 'utf8'),
        operation: (request?.object.operation as Case['operation']) ?? 'CREATE',
        oldObject: request?.object.oldObject as KubeObject | undefined,
        asker: request?.object.asker as Asker | undefined,
        cluster: objectsIn(path.replace(/\.yaml$/, '.cluster.yaml'), false),
      };
    });
}

function objectsIn(path: string, isRequest: boolean): FileObject[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const head = isRequest ? 'apiVersion: premortem.dev/v1\nkind: Request\n' : '';
  return readObjects({ file: path, text: head + text }).objects;
}

/** The release that a case rolls out. */
export const RELEASE = { name: 'shop', namespace: 'default' };

/** Judges a case by every rule there is, through the file intake. Of a release there is one review. */
export function reviewCase(one: Case, text = one.text): Review[] {
  const { objects } = readObjects({ file: one.file, text });
  for (const { object } of [...objects, ...one.cluster]) deepFreeze(object);
  const settings = {
    // A list of its own: which of a list's rules speak of a kind is remembered for as long as the list is there.
    rules: [...rules],
    world: worldOf(one, objects),
    today: TODAY,
    configuration: defaultConfiguration,
  };
  const reviews = objects.map(object => review(subjectIn(one, object), settings));
  return isRollout(one) ? [mergeReviews(review(releaseSubject(one, objects), settings), reviews)] : reviews;
}

/** What is judged of a case, and beside what. Of a release it is each object, and the release. */
export function subjectsOf(one: Case): { subject: Subject; world: World }[] {
  const { objects } = readObjects(one);
  const world = worldOf(one, objects);
  const subjects = objects.map(object => subjectIn(one, object));
  if (isRollout(one)) subjects.push(releaseSubject(one, objects));
  return subjects.map(subject => ({ subject, world }));
}

export function isRollout({ operation }: Case): boolean {
  return operation === 'INSTALL' || operation === 'UPGRADE';
}

/** What an upgrade finds is what the last revision made, and what it brings is there with it. */
function worldOf(one: Case, objects: readonly FileObject[]): World {
  if (isRollout(one)) return applied(objects, bundle(objects, one.cluster));
  const members = [...objects, ...one.cluster].map(({ object, origin }) => ({ object, file: origin.file }));
  return bundle([...objects, ...one.cluster], undefined, members);
}

function subjectIn({ operation, oldObject, asker }: Case, { object, origin }: FileObject): Subject {
  if (operation !== 'DELETE') return { ...subjectOf({ object, origin }, oldObject), ...(asker && { asker }) };
  return {
    operation,
    kind: kindOf(object),
    object,
    origin,
    asWritten: unknown('a deletion brings no manifest'),
  };
}

function releaseSubject({ operation }: Case, objects: readonly FileObject[]): Subject {
  const { name, namespace } = RELEASE;
  const object = release(
    name,
    namespace,
    objects.map(({ object }) => object),
  );
  return {
    operation: operation === 'INSTALL' ? 'CREATE' : 'UPDATE',
    kind: Release,
    object,
    asWritten: unknown('a release is no manifest'),
  };
}

/** What people would read of a case in an enforcing namespace: refusal, warnings, and notes of the audit log. */
export function rendered(reviews: readonly Review[]): string {
  return reviews
    .flatMap(one => {
      const verdict = decide(one, 'enforce');
      const refusal = verdict.allowed ? [] : [denial(one, verdict), ''];
      const warnings = warningLines(one, verdict).map(line => `Warning: ${line}`);
      const notes = verdict.notes.map(
        ({ rule, what, waiver }) => `${waiver ? 'waived' : 'note'}: ${rule.id}: ${what}`,
      );
      return [...refusal, ...warnings, ...notes];
    })
    .join('\n')
    .concat('\n');
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}

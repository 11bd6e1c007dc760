import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { decide } from '../src/engine/decide.ts';
import { review } from '../src/engine/review.ts';
import { type FileObject, readObjects, subjectOf } from '../src/intake/files.ts';
import { kindOf } from '../src/kubernetes/kinds.ts';
import type { KubeObject } from '../src/kubernetes/object.ts';
import { Release, release } from '../src/model/release.ts';
import type { Review } from '../src/model/report.ts';
import { known, type Subject, unknown } from '../src/model/subject.ts';
import { denial } from '../src/report/denial.ts';
import { warningLines } from '../src/report/warnings.ts';
import { rules } from '../src/rules/index.ts';
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
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'RELEASE';
  oldObject: KubeObject | undefined;
  /** What exists: for a release, what its last revision made. */
  cluster: FileObject[];
}

export function allCases(): Case[] {
  return readdirSync(CASES).flatMap(rule => (['bad', 'good'] as const).flatMap(side => casesIn(rule, side)));
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

/** Judges a case by every rule there is, through the file intake. */
export function reviewCase(one: Case, text = one.text): Review[] {
  const { objects } = readObjects({ file: one.file, text });
  for (const { object } of [...objects, ...one.cluster]) deepFreeze(object);
  const isRelease = one.operation === 'RELEASE';
  const world = bundle(
    isRelease ? objects : [...objects, ...one.cluster],
    isRelease ? one.cluster : undefined,
  );
  const subjects = objects.map(object => subjectIn(one, object));
  if (isRelease) subjects.push(releaseSubject(objects));
  return subjects.map(subject => review(subject, { rules, world, today: TODAY }));
}

function subjectIn({ operation, oldObject }: Case, { object, origin }: FileObject): Subject {
  if (operation !== 'DELETE') return subjectOf({ object, origin }, oldObject);
  return {
    operation,
    kind: kindOf(object),
    object,
    origin,
    asWritten: unknown('a deletion brings no manifest'),
  };
}

function releaseSubject(objects: readonly FileObject[]): Subject {
  const object = release(
    'shop',
    'default',
    objects.map(({ object }) => object),
  );
  return { operation: 'UPDATE', kind: Release, object, asWritten: known(object) };
}

/** What people would read of a case in an enforcing namespace: refusal, warnings, and notes of the audit log. */
export function rendered(reviews: readonly Review[]): string {
  return reviews
    .flatMap(one => {
      const verdict = decide(one, 'enforce');
      const refusal = verdict.allowed ? [] : [denial(one, verdict.refusals), ''];
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

import { concerned } from '../src/engine/concern.ts';
import { judge } from '../src/engine/judge.ts';
import { review } from '../src/engine/review.ts';
import { readObjects, subjectOf } from '../src/intake/files.ts';
import { readSources } from '../src/intake/sources.ts';
import { builtInKinds } from '../src/kubernetes/kinds.ts';
import { defaultConfiguration as configuration } from '../src/model/configuration.ts';
import { type Rule, rule } from '../src/model/rule.ts';
import { known, type State, type Subject } from '../src/model/subject.ts';
import type { World } from '../src/model/world.ts';
import { rules } from '../src/rules/index.ts';
import { bundle } from '../src/world/bundle.ts';
import { allCases, subjectsOf, TODAY } from '../test/cases.ts';
import { printTable } from './table.ts';

interface Judged {
  subject: Subject;
  world: World;
}

interface Cost {
  rule: Rule;
  /** How many of the objects it speaks of. */
  objects: number;
  /** Microseconds for one of them. */
  each: number;
}

/**
 * So many objects are made and then judged at a time, which leaves the garbage collector little to do in between. Where
 * there are fewer of a kind they are judged again, so that a rare rule is no colder than the others.
 */
const BATCH = 200;

/** What an object costs in which nothing is looked for. */
const floor = rule({
  id: 'floor',
  title: 'an empty rule (the floor)',
  severity: 'note',
  lessons: [],
  why: '',
  unless: '',
  kinds: builtInKinds,
  *check() {},
});

/**
 * (c) What each rule costs for an object that it speaks of. The rules take turns, each with objects that nobody has
 * looked at yet, so that none profits from what another has remembered. The best of all rounds is told, since other
 * work on the machine only ever adds.
 */
export async function benchRules(corpus: string | undefined, rounds: number): Promise<void> {
  const judged = corpus === undefined ? allCases().flatMap(subjectsOf) : await subjectsIn(corpus);
  const turns = [floor, ...rules]
    .map(rule => ({
      rule,
      objects: judged.filter(({ subject }) => concerned([rule], subject).length > 0),
      each: Number.POSITIVE_INFINITY,
    }))
    .filter(({ objects }) => objects.length > 0);
  let whole = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    for (const turn of turns) {
      const taken = timed(turn.objects, ({ subject, world }) =>
        judge(turn.rule, subject, { world, configuration }),
      );
      turn.each = Math.min(turn.each, taken);
    }
    const settings = { rules, today: TODAY, configuration };
    whole = Math.min(
      whole,
      timed(judged, ({ subject, world }) => review(subject, { ...settings, world })),
    );
  }
  const costs = turns.map(({ rule, objects, each }) => ({ rule, objects: objects.length, each }));
  print(costs, whole, `${corpus ?? "the rules' own cases"}, best of ${rounds}`);
}

function print([empty, ...costs]: readonly Cost[], review: number, over: string): void {
  if (!empty) throw new Error(`no objects: ${over}`);
  const sum = costs.reduce((total, { each, objects }) => total + each * objects, 0);
  printTable(`µs of each rule for an object that it speaks of (${over})`, [
    ['', 'objects', 'µs', '× floor', '% of all'],
    ...costs
      .sort((a, b) => b.each - a.each)
      .map(({ rule, objects, each }) => [
        rule.id,
        String(objects),
        each,
        each / empty.each,
        (100 * each * objects) / sum,
      ]),
    [floor.title, String(empty.objects), empty.each, 1, ''],
    ['a whole review', String(empty.objects), review, review / empty.each, ''],
  ]);
}

/** Microseconds for one of them. */
function timed(all: readonly Judged[], judgeOne: (one: Judged) => unknown): number {
  const many = Array.from({ length: Math.ceil(BATCH / all.length) }, () => all).flat();
  let taken = 0;
  for (let from = 0; from < many.length; from += BATCH) {
    const batch = many.slice(from, from + BATCH);
    const fresh = batch.map(({ subject, world }) => ({ subject: freshly(subject), world }));
    const started = performance.now();
    for (const one of fresh) judgeOne(one);
    taken += performance.now() - started;
  }
  return (taken * 1000) / many.length;
}

function freshly(subject: Subject): Subject {
  const { previous } = subject;
  return { ...subject, ...stateOf(subject), ...(previous && { previous: stateOf(previous) }) };
}

function stateOf({ object: seen, asWritten }: State): State {
  const object = JSON.parse(JSON.stringify(seen));
  return { object, asWritten: asWritten.known ? known(object) : asWritten };
}

async function subjectsIn(folder: string): Promise<Judged[]> {
  const judged: Judged[] = [];
  for await (const source of readSources([folder], process.stdin, [])) {
    const { objects } = readObjects(source);
    const world = bundle(objects, undefined);
    for (const object of objects) judged.push({ subject: subjectOf(object, undefined), world });
  }
  return judged.filter(({ subject }) => concerned([floor], subject).length > 0);
}

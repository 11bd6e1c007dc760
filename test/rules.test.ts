import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readObjects } from '../src/intake/files.ts';
import { applyEdits } from '../src/kubernetes/edit.ts';
import { valueAt } from '../src/kubernetes/object.ts';
import type { Finding, Review } from '../src/model/report.ts';
import { SEVERITIES } from '../src/model/rule.ts';
import { formatRef, refOf } from '../src/model/subject.ts';
import { rules } from '../src/rules/index.ts';
import { allCases, CASES, type Case, rendered, reviewCase } from './cases.ts';

const cases = allCases();
const update = process.env.UPDATE === '1';

describe('rules', () => {
  it('have one file, one folder of cases and one place in the list each', () => {
    const files = readdirSync(join(CASES, '../../src/rules'))
      .filter(file => file.endsWith('.ts') && file !== 'index.ts')
      .map(file => file.slice(0, -3));
    assert.deepEqual(files.sort(), rules.map(({ id }) => id).sort());
    assert.deepEqual(readdirSync(CASES).sort(), rules.map(({ id }) => id).sort());
  });

  it('are listed from the severest to the mildest', () => {
    const severities = rules.map(({ severity }) => severity);
    assert.deepEqual(
      severities,
      SEVERITIES.flatMap(one => severities.filter(severity => severity === one)),
    );
  });

  for (const rule of rules) {
    it(`${rule.id} has a bad and a good case named after its incident`, () => {
      const incident = rule.lessons[0]?.incident.id;
      for (const side of ['bad', 'good']) {
        assert.ok(
          cases.some(one => one.rule === rule.id && one.side === side && one.name === incident),
          side,
        );
      }
    });
  }

  for (const one of cases.filter(({ side }) => side === 'bad')) {
    describe(`${one.rule}: bad/${one.name}`, () => {
      // Judged anew in each test, and not while they are collected, so that a mutant is judged by its own tests.
      const reviews = () => reviewCase(one);
      it('is found', () => assert.ok(findingsOf(reviews(), one.rule).length > 0));
      it('reads as agreed', () => assertGolden(one, 'txt', rendered(reviews())));
      it('is mended as agreed', () => assertGolden(one, 'fix.txt', mended(findingsOf(reviews(), one.rule))));
      it('points at a place that exists, or at one that is missing a key', () => {
        for (const finding of allFindings(reviews())) assertPlaced(one, finding);
      });
      it('is cured by its edits, which bring no new fault', () => assertCured(one, reviews()));
    });
  }

  for (const one of cases.filter(({ side }) => side === 'good')) {
    it(`${one.rule}: good/${one.name} passes`, () => {
      const found = findingsOf(reviewCase(one), one.rule).filter(({ waiver }) => waiver === null);
      assert.deepEqual(
        found.map(({ what }) => what),
        [],
      );
    });
  }

  it('refuse nothing in a good case that is named after an incident', () => {
    const incidents = new Set(rules.flatMap(({ lessons }) => lessons.map(({ incident }) => incident.id)));
    for (const one of cases.filter(({ side, name }) => side === 'good' && incidents.has(name))) {
      const found = allFindings(reviewCase(one)).filter(({ severity }) => severity !== 'note');
      assert.deepEqual(
        found.map(({ rule }) => `${one.file}: ${rule.id}`),
        [],
      );
    }
  });

  it('repeat nothing that a Secret holds', () => {
    const text = 'apiVersion: v1\nkind: Secret\nmetadata: { name: key, type: very-secret }\n';
    const request = { operation: 'CREATE' as const, oldObject: undefined, cluster: [] };
    const secret = {
      ...request,
      rule: 'field-misplaced',
      side: 'bad' as const,
      name: 'key',
      file: 'key.yaml',
      text,
    };
    const [finding] = allFindings(reviewCase(secret));
    assert.equal(finding?.fix, 'move it:\ntype: …');
  });

  it('decide every case', () => {
    for (const one of cases)
      assert.deepEqual(
        reviewCase(one).flatMap(({ undecided }) => undecided),
        [],
        one.file,
      );
  });
});

function assertGolden({ rule, name }: Case, ending: string, text: string): void {
  const golden = join(CASES, rule, 'bad', `${name}.${ending}`);
  if (update) writeFileSync(golden, text);
  assert.ok(existsSync(golden), 'UPDATE=1 npm test writes it');
  assert.equal(text, readFileSync(golden, 'utf8'));
}

/** What no warning shows: the place of each finding, how bad it is, its fix and its edits. */
function mended(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ severity, identity, path, fix, edits }) => [
      `${severity}: ${identity}`,
      `at: ${JSON.stringify(path)}`,
      fix,
      ...edits.map(edit => `edit: ${JSON.stringify(edit)}`),
      '',
    ])
    .join('\n');
}

function allFindings(reviews: readonly Review[]): Finding[] {
  return reviews.flatMap(({ findings }) => findings);
}

function findingsOf(reviews: readonly Review[], rule: string): Finding[] {
  return allFindings(reviews).filter(finding => finding.rule.id === rule);
}

/** What is there of the path must be a mapping or a list into which the rest could be written. */
function assertPlaced(one: Case, { rule, path, origin, about, object: ref }: Finding): void {
  assert.ok(path.length > 0 && origin, rule.id);
  const name = formatRef(about ? refOf(about) : ref);
  const objects = [...one.cluster, ...readObjects({ file: one.file, text: one.text }).objects];
  const object = objects.find(candidate => formatRef(refOf(candidate.object)) === name);
  let depth = path.length;
  while (depth > 0 && valueAt(object?.object, path.slice(0, depth)) === undefined) depth -= 1;
  const found = valueAt(object?.object, path.slice(0, depth));
  // A path may lead on into a text that is a manifest of its own.
  const isManifest = typeof found === 'string' && /^kind: /m.test(found);
  assert.ok(
    depth === path.length || isManifest || (typeof found === 'object' && found !== null),
    `${rule.id}: ${path.join('.')}`,
  );
  // A rule may ask for one key more than there is, and the mappings around it: resources.requests.memory.
  assert.ok(path.length - depth <= 3, `${rule.id}: ${path.join('.')} is far from anything`);
}

function assertCured(one: Case, reviews: readonly Review[]): void {
  const before = new Set(allFindings(reviews).map(({ fingerprint }) => fingerprint));
  for (const finding of findingsOf(reviews, one.rule).filter(({ edits }) => edits.length > 0)) {
    const edited = finding.origin?.edited(finding.edits);
    assert.ok(edited, 'the edits can be written on the text');
    const after = allFindings(reviewCase(one, edited.after));
    assert.ok(
      !after.some(({ fingerprint }) => fingerprint === finding.fingerprint),
      `${finding.what} is still there`,
    );
    assert.deepEqual(
      after.filter(({ fingerprint }) => !before.has(fingerprint)).map(({ what }) => what),
      [],
    );

    const [was] = readObjects({ file: one.file, text: one.text }).objects;
    const [is] = readObjects({ file: one.file, text: edited.after }).objects;
    assert.deepEqual(is?.object, applyEdits(was?.object, finding.edits), 'text and object are edited alike');
    assert.notDeepEqual(valueAt(is?.object, []), valueAt(was?.object, []));
  }
}

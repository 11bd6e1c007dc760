import assert from 'node:assert/strict';
import { decide } from '../../src/engine/decide.ts';
import { review } from '../../src/engine/review.ts';
import { Deployment, podKinds } from '../../src/kubernetes/kinds.ts';
import type { ObjectMeta } from '../../src/kubernetes/object.ts';
import { type Configuration, defaultConfiguration } from '../../src/model/configuration.ts';
import { type Fault, type Rule, rule, type Severity } from '../../src/model/rule.ts';
import { known, type Subject } from '../../src/model/subject.ts';
import { emptyWorld } from '../../src/model/world.ts';
import { denial } from '../../src/report/denial.ts';
import { warningLines } from '../../src/report/warnings.ts';
import { toyWords } from '../toy-incident.ts';

/** Finds a fault for each severity in the annotation `faults`; breaks where it is `broken`. */
function toy(id: string, severity: Severity): Rule {
  return rule({
    id,
    title: id,
    severity,
    ...toyWords,
    kinds: podKinds,
    *check({ object }) {
      const faults = object.metadata?.annotations?.faults ?? 'own';
      if (faults === 'broken') throw new Error('canary');
      for (const [index, called] of faults.split(' ').entries()) {
        const fault: Fault = { path: ['spec', `at${index}`], what: `it is ${called}`, fix: () => 'paint it' };
        yield called === 'own' ? fault : { ...fault, severity: called as Severity };
      }
    },
  });
}

const rules = [toy('painted-red', 'deny'), toy('painted-amber', 'warn')];
const WAIVER = {
  rule: 'painted-red',
  reason: 'the chart is bought',
  until: null,
  place: 'premortem.yaml:5:5',
};

function deployment(annotations: Record<string, string> = {}, metadata: ObjectMeta = {}): Subject {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'redis-0', namespace: 'shop', annotations, ...metadata },
  };
  return { operation: 'CREATE', kind: Deployment, object, asWritten: known(object) };
}

function judged(configuration: Partial<Configuration>, subject = deployment()) {
  const configured = { ...defaultConfiguration, ...configuration };
  const settings = { rules, world: emptyWorld, today: '2026-11-21', configuration: configured };
  const outcome = review(subject, settings);
  const verdict = decide(outcome, 'enforce', configured);
  return {
    verdict,
    severities: outcome.findings.map(({ rule, severity }) => `${severity}/${rule.id}`),
    problems: outcome.waiverProblems.map(({ rule, problem }) => `${problem} ${rule}`),
    waivers: outcome.findings.map(({ waiver }) => waiver?.reason),
    undecided: outcome.undecided,
    fingerprints: outcome.findings.map(({ fingerprint }) => fingerprint).sort(),
    message: verdict.allowed ? '' : denial(outcome, verdict),
    warnings: warningLines(outcome, verdict),
  };
}

function severities(entries: Record<string, Severity | 'off'>): Partial<Configuration> {
  return { severities: new Map(Object.entries(entries)) };
}

describe('a configured severity', () => {
  it("takes the place of the rule's own, and refuses or not accordingly", () => {
    const { verdict, severities: found } = judged(
      severities({ 'painted-red': 'note', 'painted-amber': 'deny' }),
    );
    assert.deepEqual(found, ['deny/painted-amber', 'note/painted-red']);
    assert.deepEqual(
      verdict.refusals.map(({ rule }) => rule.id),
      ['painted-amber'],
    );
  });

  it('leaves a fault milder that its rule calls milder', () => {
    const faults = deployment({ faults: 'own deny warn note' });
    const of = (severity: Severity | 'off') =>
      judged(severities({ 'painted-amber': severity, 'painted-red': 'off' }), faults).severities.map(
        one => one.split('/')[0],
      );
    assert.deepEqual(of('deny'), ['deny', 'deny', 'deny', 'note']);
    assert.deepEqual(of('warn'), ['warn', 'warn', 'warn', 'note']);
    assert.deepEqual(of('note'), ['note', 'note', 'note', 'note']);
  });

  it('does not change what a finding is', () => {
    const own = judged({}).fingerprints;
    assert.deepEqual(
      judged(severities({ 'painted-red': 'warn', 'painted-amber': 'deny' })).fingerprints,
      own,
    );
  });

  it('keeps a rule that is off from running, and from missing a waiver', () => {
    const off = severities({ 'painted-red': 'off', 'painted-amber': 'off' });
    const subject = deployment({ faults: 'broken', 'waive.premortem.dev/painted-red': 'it is a toy' });
    const { severities: found, undecided, problems } = judged(off, subject);
    assert.deepEqual([found, undecided, problems], [[], [], []]);
  });
});

describe('a rule that fails', () => {
  const broken = deployment({ faults: 'broken' });
  const deny = { onError: 'deny' } as const;

  it('lets pass unless the configuration says otherwise', () => {
    assert.equal(judged({}, broken).verdict.allowed, true);
  });

  it('refuses where it does, in words of its own', () => {
    const { verdict, message, warnings } = judged(deny, broken);
    assert.equal(verdict.allowed, false);
    assert.equal(
      message,
      `Deployment shop/redis-0: could not be checked: painted-red, painted-amber

painted-red: the rule itself failed with Error
painted-amber: the rule itself failed with Error
  why    The configuration refuses what cannot be checked (onError: deny).

before you apply: premortem check FILE · more: premortem explain painted-red
right here? annotate waive.premortem.dev/painted-red: "<reason>"
                and waive.premortem.dev/painted-amber: "<reason>"`,
    );
    assert.deepEqual(warnings, []);
  });

  it('refuses nothing that it failed on before, nor what has been waived', () => {
    assert.equal(judged(deny, { ...broken, operation: 'UPDATE', previous: broken }).verdict.allowed, true);
    const annotations = {
      faults: 'broken',
      'waive.premortem.dev/painted-red': 'it is a toy',
      'waive.premortem.dev/painted-amber': 'it is a toy',
    };
    assert.equal(judged(deny, deployment(annotations)).verdict.allowed, true);
  });

  it('refuses only where the namespace enforces', () => {
    const configuration = { ...defaultConfiguration, ...deny };
    const settings = { rules, world: emptyWorld, today: '2026-11-21', configuration };
    for (const mode of ['warn', 'audit'] as const)
      assert.equal(decide(review(broken, settings), mode, configuration).allowed, true);
  });
});

describe('a configured waiver', () => {
  it('waives as an annotation does', () => {
    const { verdict, waivers, problems } = judged({ waivers: [WAIVER] });
    assert.equal(verdict.allowed, true);
    assert.deepEqual(waivers, ['the chart is bought', undefined]);
    assert.deepEqual(problems, []);
  });

  for (const [words, scope, waives] of [
    ['of its kind', { kinds: ['StatefulSet', 'Deployment'] }, true],
    ['of another kind', { kinds: ['StatefulSet'] }, false],
    ['in its namespaces', { namespaces: ['x', 'sh*'] }, true],
    ['in other namespaces', { namespaces: ['sho'] }, false],
    ['of its names', { names: ['redis-?'] }, true],
    ['of other names', { names: ['?redis-0'] }, false],
    ['of its names, in other namespaces', { names: ['*'], namespaces: ['x'] }, false],
    ['of another rule', { rule: 'painted-amber' }, false],
  ] as const) {
    it(`${waives ? 'waives' : 'does not waive'} what is ${words}`, () => {
      assert.equal(judged({ waivers: [{ ...WAIVER, ...scope }] }).verdict.allowed, waives);
    });
  }

  it('of a namespace waives nothing where none is written', () => {
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'redis-0' } };
    const waivers = [{ ...WAIVER, namespaces: ['*shop*'] }];
    assert.equal(judged({ waivers }, { ...deployment(), object }).verdict.allowed, false);
  });

  it('holds to its last day, and is told when it would be needed after it', () => {
    assert.equal(judged({ waivers: [{ ...WAIVER, until: '2026-11-21' }] }).verdict.allowed, true);
    const { message, problems } = judged({ waivers: [{ ...WAIVER, until: '2026-11-20' }] });
    assert.deepEqual(problems, ['expired painted-red']);
    assert.match(message, /the waiver of painted-red does not hold: its last day has passed\n/);
  });

  it('is not missed after its last day where another holds, or where it would waive nothing', () => {
    const [old, amber] = [{ ...WAIVER, until: '2026-11-20' }, { rule: 'painted-amber' }];
    const told = (...waivers: object[]) =>
      judged({ waivers: waivers.map(one => ({ ...old, ...one })) }).problems;
    assert.deepEqual(told({}, { until: null }), []);
    assert.deepEqual(told({ names: ['other'] }), []);
    assert.deepEqual(told({}, amber), ['expired painted-red', 'expired painted-amber']);
    assert.deepEqual(told({}, { names: ['redis-*'] }), ['expired painted-red', 'expired painted-red']);
  });

  it('is the only one where annotations are ignored, and the message says so', () => {
    const annotated = deployment({ 'waive.premortem.dev/painted-red': 'it is a toy' });
    const { message, problems } = judged({ annotationWaivers: 'ignored' }, annotated);
    assert.deepEqual(problems, ['ignored painted-red']);
    assert.equal(
      message.split('\n\n').at(-1),
      `the waiver of painted-red does not hold: annotations waive nothing here, only the configuration does
before you apply: premortem check FILE · more: premortem explain painted-red
right here? annotations waive nothing: a waiver must stand in premortem's configuration`,
    );
    const both = judged({ annotationWaivers: 'ignored', waivers: [WAIVER] }, annotated);
    assert.deepEqual([both.verdict.allowed, both.problems], [true, []]);
  });
});

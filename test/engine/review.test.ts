import assert from 'node:assert/strict';
import { WaiverAudit } from '../../src/engine/configured-waivers.ts';
import { decide } from '../../src/engine/decide.ts';
import { mergeReviews } from '../../src/engine/merge.ts';
import { review } from '../../src/engine/review.ts';
import { type Supervisor, unsupervised } from '../../src/engine/supervisor.ts';
import { type Kind, kindOf, Namespace, Pod } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import {
  type Configuration,
  type ConfiguredWaiver,
  defaultConfiguration,
} from '../../src/model/configuration.ts';
import { asWritten, inSameNamespace, type Needs } from '../../src/model/query.ts';
import type { Review } from '../../src/model/report.ts';
import { type Rule, rule } from '../../src/model/rule.ts';
import { known, type Operation, type Subject, unknown } from '../../src/model/subject.ts';
import { emptyWorld } from '../../src/model/world.ts';
import { toyWords } from '../toy-incident.ts';

/** Finds a fault in whatever it is shown, and throws what the annotation `throws` asks for. */
function toy(
  id: string,
  severity: 'deny' | 'warn',
  kinds: readonly Kind<unknown>[] = [Pod, Namespace],
): Rule {
  return rule({
    ...toyWords,
    id,
    title: id,
    severity,
    kinds,
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    *check({ object }) {
      const thrown = (object as KubeObject).metadata?.annotations?.throws;
      if (thrown === 'a text') throw thrown;
      if (thrown) throw new TypeError(thrown);
      yield { path: ['metadata', 'name'], what: 'it is red', fix: () => 'paint it' };
    },
  });
}

const [red, amber] = [toy('painted-red', 'deny'), toy('painted-amber', 'warn')];
const asking = rule({
  ...toyWords,
  id: 'asking',
  title: 'asking',
  severity: 'deny',
  kinds: [Pod],
  needs: { pods: inSameNamespace(Pod) },
  *check({ known: { pods } }) {
    for (const _ of pods) yield { path: ['metadata'], what: 'it has company', fix: () => 'part them' };
  },
});

function pod(metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', ...metadata } };
}

function subject(object: KubeObject, operation: Operation = 'CREATE'): Subject {
  return { operation, kind: kindOf(object), object, asWritten: known(object) };
}

interface With {
  rules?: Rule[];
  configuration?: Partial<Configuration>;
  supervisor?: Supervisor;
}

function judged(
  one: Subject,
  { rules = [red], configuration = {}, supervisor = unsupervised }: With = {},
): Review {
  return review(one, {
    rules,
    world: emptyWorld,
    today: '2026-11-21',
    configuration: { ...defaultConfiguration, ...configuration },
    supervisor,
  });
}

const found = ({ findings }: Review) => findings.map(({ rule }) => rule.id);
const undecided = ({ undecided }: Review) =>
  undecided.map(({ rule, reason, because }) => `${rule.id} ${reason}: ${because}`);

describe('what a controller makes', () => {
  const owners = [null, { kind: 'App' }, { kind: 'ReplicaSet', controller: true }];

  it('is judged when it is deleted alone', () => {
    const made = pod({ ownerReferences: owners });
    assert.deepEqual(found(judged(subject(made))), []);
    assert.deepEqual(found(judged(subject(made, 'UPDATE'))), []);
    assert.deepEqual(found(judged(subject(made, 'DELETE'))), ['painted-red']);
  });

  it('is known by an owner that controls it, not by any owner', () => {
    assert.deepEqual(found(judged(subject(pod({ ownerReferences: owners.slice(0, 2) })))), ['painted-red']);
  });
});

describe('a rule', () => {
  it('is asked about its own kinds and operations, however often', () => {
    const rules = [toy('of-pods', 'warn', [Pod]), toy('of-namespaces', 'warn', [Namespace]), asking];
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    for (const _ of [1, 2]) {
      assert.deepEqual(found(judged(subject(namespace), { rules })), ['of-namespaces']);
      assert.deepEqual(found(judged(subject(pod(), 'DELETE'), { rules })), ['of-pods']);
      assert.deepEqual(undecided(judged(subject(pod(), 'DELETE'), { rules })), []);
    }
  });

  it('does not decide what it cannot look up, nor what cannot be read', () => {
    assert.deepEqual(undecided(judged(subject(pod()), { rules: [asking] })), [
      'asking unknown: there is no cluster to look it up in',
    ]);
    const unreadable = { ...subject(pod()), unreadable: 'it is too large' };
    assert.deepEqual(undecided(judged(unreadable)), ['painted-red unknown: it is too large']);
    assert.deepEqual(found(judged(unreadable)), []);
  });

  it('that failed is called by what it threw, in no words of the object', () => {
    const thrown = (throws: string) => undecided(judged(subject(pod({ annotations: { throws } }))));
    assert.deepEqual(thrown('canary'), ['painted-red failed: the rule itself failed with TypeError']);
    assert.deepEqual(thrown('a text'), ['painted-red failed: the rule itself failed with an error']);
  });

  it('that fails where it did not before is no old failure', () => {
    const after = { ...subject(pod({ annotations: { throws: 'canary' } })), operation: 'UPDATE' as const };
    const excused = (before: KubeObject) =>
      judged({ ...after, previous: subject(before) }).undecided.map(({ excused }) => excused);
    assert.deepEqual(excused(pod()), [false]);
    assert.deepEqual(excused(after.object), [true]);
  });
});

describe('a finding', () => {
  const inFirst = (needs: Needs) =>
    rule({
      ...toyWords,
      id: 'first',
      title: 'first',
      severity: 'deny',
      kinds: [Pod],
      needs,
      *check() {
        yield { path: ['spec', 'containers', 0, 'image'], what: 'it is red', fix: () => 'paint it' };
      },
    });
  const container = (name: string) => ({ ...pod(), spec: { containers: [{ name }] } });
  const one = { ...subject(container('stored')), asWritten: known(container('written')) };
  const world = { ask: () => known([]), originOf: () => undefined };
  const at = (needs: Needs, one: Subject) =>
    review(one, {
      rules: [inFirst(needs)],
      world,
      today: '2026-11-21',
      configuration: defaultConfiguration,
    }).findings.map(({ at }) => at);

  it('lies in what was written where its rule asks for that, or else in the object', () => {
    assert.deepEqual(at({ written: asWritten }, one), ['spec.containers[written].image']);
    assert.deepEqual(at({ written: asWritten, pods: inSameNamespace(Pod) }, one), [
      'spec.containers[written].image',
    ]);
    assert.deepEqual(at({ pods: inSameNamespace(Pod) }, one), ['spec.containers[stored].image']);
    assert.deepEqual(at({}, { ...one, asWritten: unknown('no trace') }), ['spec.containers[stored].image']);
  });

  it('keeps its fingerprint from one version of premortem to the next', () => {
    const fingerprints = (metadata: object) =>
      judged(subject(pod(metadata))).findings.map(({ fingerprint }) => fingerprint);
    assert.deepEqual(fingerprints({}), ['da586002cb6a059b']);
    assert.deepEqual(fingerprints({ namespace: undefined }), ['2c4c255a85d02d73']);
  });
});

describe('a supervisor', () => {
  function supervisor(more: Partial<Supervisor>): [Supervisor, string[]] {
    const failed: string[] = [];
    return [{ ...unsupervised, hasFailed: ({ id }) => failed.push(id), ...more }, failed];
  }

  it('that breaks a rule off leaves the others their turn, and is told', () => {
    let runs = 0;
    const [watching, failed] = supervisor({
      run(task) {
        if (++runs === 1) return 'broken-off';
        task();
        return 'done';
      },
    });
    const outcome = judged(subject(pod()), { rules: [red, amber], supervisor: watching });
    assert.deepEqual(undecided(outcome), ['painted-red failed: the rule took too long and was broken off']);
    assert.deepEqual(found(outcome), ['painted-amber']);
    assert.deepEqual(failed, ['painted-red']);
  });

  it('may break off every rule, and even when all is done', () => {
    const [never] = supervisor({ run: () => 'broken-off' });
    assert.equal(undecided(judged(subject(pod()), { rules: [red, amber], supervisor: never })).length, 2);
    const [late] = supervisor({
      run(task) {
        task();
        return 'broken-off';
      },
    });
    assert.deepEqual(found(judged(subject(pod()), { rules: [red, amber], supervisor: late })), [
      'painted-red',
      'painted-amber',
    ]);
  });

  it('is told of failures, not of rules that rest, found something or lack an answer', () => {
    const [watching, failed] = supervisor({ isResting: ({ id }) => id === 'painted-red' });
    const rules = [red, amber, asking];
    const outcome = judged(subject(pod()), { rules, supervisor: watching });
    assert.deepEqual(undecided(outcome), [
      'painted-red failed: the rule has failed several times within a minute, and rests for one',
      'asking unknown: there is no cluster to look it up in',
    ]);
    assert.deepEqual(failed, []);
    judged(subject(pod({ annotations: { throws: 'canary' } })), { rules, supervisor: watching });
    assert.deepEqual(failed, ['painted-amber']);
  });
});

describe('a verdict', () => {
  it('is quiet in a namespace that is audited, and about what is waived', () => {
    const outcome = judged(subject(pod()), { rules: [red, amber] });
    const audited = decide(outcome, 'audit');
    assert.deepEqual([audited.allowed, audited.warnings.length, audited.notes.length], [true, 0, 2]);
    const waived = judged(subject(pod({ annotations: { 'waive.premortem.dev/painted-red': 'a toy' } })));
    const { warnings, notes } = decide(waived, 'warn');
    assert.deepEqual([warnings.length, notes.length], [0, 1]);
  });

  it('tells in a namespace that warns what would be refused in one that enforces', () => {
    const would = (outcome: Review) => decide(outcome, 'warn').warnings.map(({ wouldRefuse }) => wouldRefuse);
    assert.deepEqual(would(judged(subject(pod()), { rules: [red, amber] })), [true, false]);
    assert.equal(decide(judged(subject(pod())), 'warn').allowed, true);
  });

  it('refuses for failures alone, and never for what is merely not known', () => {
    const configuration = { ...defaultConfiguration, onError: 'deny' as const };
    const failing = judged(subject(pod({ annotations: { throws: 'canary' } })), { rules: [red] });
    assert.equal(decide(failing, 'enforce', configuration).allowed, false);
    const asked = judged(subject(pod()), { rules: [asking] });
    assert.equal(decide(asked, 'enforce', configuration).allowed, true);
    // As many refusals as failures are no reason to allow.
    const both = { ...failing, findings: judged(subject(pod())).findings };
    assert.equal(decide(both, 'enforce', configuration).allowed, false);
  });
});

describe('reviews that are merged', () => {
  it('tell the worst first, whichever part found it', () => {
    const merged = mergeReviews(judged(subject(pod()), { rules: [amber] }), [judged(subject(pod()))]);
    assert.deepEqual(found(merged), ['painted-red', 'painted-amber']);
  });
});

describe('a waiver', () => {
  const problems = ({ waiverProblems }: Review) =>
    waiverProblems.map(({ rule, problem }) => `${problem} ${rule}`);
  const annotated = (text: unknown) =>
    judged(subject(pod({ annotations: { 'waive.premortem.dev/painted-red': text } })));

  it('is a sentence of at most a thousand characters', () => {
    assert.deepEqual(problems(annotated('x'.repeat(1000))), []);
    assert.deepEqual(problems(annotated('x'.repeat(1001))), ['malformed painted-red']);
    assert.deepEqual(problems(annotated(7)), ['without-reason painted-red']);
    assert.deepEqual(problems(judged(subject(pod({ annotations: null })))), []);
  });

  it('may have spaces around its last day, and nothing else', () => {
    assert.deepEqual(problems(annotated('a toy;until=2026-11-21  ')), []);
    assert.deepEqual(problems(annotated('a toy;   until=2026-11-21')), []);
    for (const text of ['a toy; until=2026-11-21 or so', 'a toy; until  2026', 'a toy; until =2026-11-21'])
      assert.deepEqual(problems(annotated(text)), ['malformed painted-red'], text);
  });

  it('of a rule that could not decide is not needless, of another it is', () => {
    const key = 'waive.premortem.dev/';
    const object = pod({ annotations: { [`${key}asking`]: 'a toy', [`${key}painted-amber`]: 'a toy' } });
    const silent = { ...amber, check: () => [] };
    const outcome = judged(subject(object), { rules: [asking, silent] });
    assert.deepEqual(problems(outcome), ['needless painted-amber']);
    assert.deepEqual(
      outcome.undecided.map(({ excused }) => excused),
      [true],
    );
  });

  it('that could not hold anyway is ignored, not malformed, where annotations waive nothing', () => {
    const object = pod({ annotations: { 'waive.premortem.dev/painted-red': '' } });
    const outcome = judged(subject(object), { configuration: { annotationWaivers: 'ignored' } });
    assert.deepEqual(problems(outcome), ['ignored painted-red']);
  });

  describe('of the configuration', () => {
    const WAIVER: ConfiguredWaiver = {
      rule: 'painted-red',
      reason: 'a toy',
      until: null,
      place: 'a.yaml:1:1',
    };
    const waives = (waiver: Partial<ConfiguredWaiver>, object: KubeObject) =>
      judged(subject(object), { configuration: { waivers: [{ ...WAIVER, ...waiver }] } }).findings.every(
        ({ waiver }) => waiver !== null,
      );

    it('takes a Namespace for its own, and one of several names or namespaces for enough', () => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
      assert.equal(waives({ namespaces: ['shop'] }, namespace), true);
      assert.equal(waives({ namespaces: ['other', 'shop'], names: ['other', 'w*'] }, pod()), true);
    });

    it('of no namespace takes what is in none', () => {
      assert.equal(waives({ namespaces: [''] }, pod({ namespace: undefined })), true);
      assert.equal(waives({ namespaces: ['?*'] }, pod({ namespace: undefined })), false);
    });

    it('is no needless one where its rule could not decide', () => {
      const configuration = { ...defaultConfiguration, waivers: [{ ...WAIVER, rule: 'asking' }] };
      const ended = (rules: Rule[]) => {
        const audit = new WaiverAudit(configuration, '2026-11-21');
        audit.add(judged(subject(pod()), { rules }));
        return audit.end().flatMap(problems);
      };
      assert.deepEqual(ended([asking]), []);
      assert.deepEqual(ended([red]), ['needless asking']);
    });
  });
});

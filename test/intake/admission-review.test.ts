import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readAdmissionReview } from '../../src/intake/admission-review.ts';
import { CronJob, Namespace } from '../../src/kubernetes/kinds.ts';
import { type KubeObject, valueAt } from '../../src/kubernetes/object.ts';
import type { Subject } from '../../src/model/subject.ts';
import { capture, captures, type ReviewBody } from '../captures/capture.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MISPLACED = ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'concurrencyPolicy'];

function subjectOf(review: unknown): Subject {
  const intake = readAdmissionReview(review);
  assert.ok(intake.ok && 'subject' in intake, JSON.stringify(intake));
  return intake.subject;
}

function exemptionOf(review: unknown, ownNamespace = 'premortem'): string | undefined {
  const intake = readAdmissionReview(review, { ownNamespace });
  assert.ok(intake.ok, JSON.stringify(intake));
  return 'exempt' in intake ? intake.exempt : undefined;
}

function errorOf(review: unknown): string {
  const intake = readAdmissionReview(review);
  assert.ok(!intake.ok, 'it was read');
  return intake.error;
}

/** A recorded review with another request in some fields. */
function altered(name: string, change: Partial<ReviewBody['request']>): ReviewBody {
  const review = capture(name);
  return { ...review, request: { ...review.request, ...change } };
}

function objectOf(review: ReviewBody): KubeObject {
  assert.ok(review.request.object);
  return review.request.object;
}

describe('an AdmissionReview', () => {
  it('of a CREATE becomes a subject of its kind', () => {
    const { operation, kind, object, previous } = subjectOf(capture('cronjob-misplaced-apply-create'));
    assert.equal(operation, 'CREATE');
    assert.equal(kind, CronJob);
    assert.equal(object.metadata?.name, 'foobar');
    assert.equal(previous, undefined);
  });

  it('of an UPDATE brings the state before', () => {
    const { operation, previous } = subjectOf(capture('cronjob-misplaced-apply-update'));
    assert.equal(operation, 'UPDATE');
    assert.match(JSON.stringify(previous?.object.spec), /report:1\.4/);
  });

  it('of a DELETE brings what would go', () => {
    const { operation, kind, object, previous, asWritten } = subjectOf(capture('namespace-delete'));
    assert.equal(operation, 'DELETE');
    assert.equal(kind, Namespace);
    assert.equal(object.metadata?.name, 'shop');
    assert.equal(previous, undefined);
    assert.equal(asWritten.known, false);
  });

  it('tells the user and whether it is a dry run', () => {
    const intake = readAdmissionReview(altered('cronjob-misplaced-apply-create', { dryRun: true }));
    assert.ok(intake.ok && 'subject' in intake);
    assert.equal(intake.user, 'alice');
    assert.equal(intake.dryRun, true);
  });

  it('knows a kind by group and name, whatever its version', () => {
    const kind = { group: 'batch', version: 'v2alpha1', kind: 'CronJob' };
    assert.equal(subjectOf(altered('cronjob-misplaced-apply-create', { kind })).kind, CronJob);
    const foreign = { ...kind, group: 'example.com' };
    assert.equal(subjectOf(altered('cronjob-misplaced-apply-create', { kind: foreign })).kind, undefined);
  });

  it('lends the object its name and namespace where it has none itself', () => {
    const review = capture('pod-generatename-create');
    delete objectOf(review).metadata?.name;
    delete objectOf(review).metadata?.namespace;
    const { metadata } = subjectOf(review).object;
    assert.equal(metadata?.name, review.request.name);
    assert.equal(metadata?.namespace, 'shop');
    delete objectOf(review).metadata;
    assert.equal(subjectOf(review).object.metadata?.namespace, 'shop');
  });

  it('puts a Namespace into no namespace, though its request names one', () => {
    assert.equal(subjectOf(capture('namespace-confirm-update')).object.metadata?.namespace, undefined);
  });

  it('leaves what it was handed alone', () => {
    for (const name of captures) {
      const review = capture(name);
      readAdmissionReview(review);
      assert.deepEqual(review, capture(name));
    }
  });
});

describe('what was written', () => {
  it('is what kubectl apply recorded, dropped fields included', () => {
    const { object, asWritten } = subjectOf(capture('cronjob-misplaced-apply-create'));
    assert.ok(asWritten.known);
    assert.equal(valueAt(asWritten.value, MISPLACED), 'Forbid');
    assert.equal(valueAt(object, MISPLACED), undefined);
  });

  it('is unknown where the API server dropped fields and nobody recorded them', () => {
    const { asWritten } = subjectOf(capture('cronjob-misplaced-create-no-trace'));
    assert.deepEqual(asWritten, {
      known: false,
      because: 'the API server has dropped unknown fields and left no trace of them',
    });
  });

  it('is the object itself when unknown fields would have been refused', () => {
    const { object, asWritten } = subjectOf(capture('pod-generatename-create'));
    assert.deepEqual(asWritten, { known: true, value: object });
  });

  it('is the object itself when it is created strictly, whatever record came along in a copy', () => {
    const options = { fieldValidation: 'Strict' };
    const { object, asWritten } = subjectOf(altered('cronjob-misplaced-apply-create', { options }));
    assert.deepEqual(asWritten, { known: true, value: object });
  });

  it('is what was recorded even when this update is strict', () => {
    const options = { fieldValidation: 'Strict' };
    const { asWritten } = subjectOf(altered('cronjob-misplaced-apply-update', { options }));
    assert.ok(asWritten.known);
    assert.equal(valueAt(asWritten.value, MISPLACED), 'Forbid');
  });

  it('is shared by old and new when the record did not change', () => {
    const { asWritten, previous } = subjectOf(capture('namespace-confirm-update'));
    assert.ok(asWritten.known);
    assert.equal(asWritten, previous?.asWritten);
  });

  it('differs from what was written before when the record did', () => {
    const { asWritten, previous } = subjectOf(capture('cronjob-misplaced-apply-update'));
    assert.ok(asWritten.known && previous?.asWritten.known);
    assert.notDeepEqual(asWritten.value, previous.asWritten.value);
  });

  it('is unknown of an old object without a record, however strict this request is', () => {
    const review = altered('cronjob-misplaced-apply-update', { options: { fieldValidation: 'Strict' } });
    delete review.request.oldObject?.metadata?.annotations;
    const { previous } = subjectOf(review);
    assert.deepEqual(previous?.asWritten, {
      known: false,
      because: 'there is no record of how the old object was written',
    });
  });

  for (const broken of ['{"spec":', '', '[]', 'null', '"text"', '7']) {
    it(`is unknown when the record is ${JSON.stringify(broken)}`, () => {
      const review = capture('cronjob-misplaced-apply-create');
      Object.assign(objectOf(review).metadata?.annotations ?? {}, { [LAST_APPLIED]: broken });
      assert.deepEqual(subjectOf(review).asWritten, {
        known: false,
        because: `the annotation ${LAST_APPLIED} does not hold a JSON mapping`,
      });
    });
  }
});

describe('exempt from judgement', () => {
  for (const namespace of ['kube-system', 'kube-public', 'kube-node-lease', 'premortem']) {
    it(`is everything in ${namespace}`, () => {
      assert.ok(exemptionOf(altered('cronjob-misplaced-apply-create', { namespace })));
    });

    it(`is the Namespace ${namespace}`, () => {
      for (const name of ['namespace-create', 'namespace-delete']) {
        assert.ok(exemptionOf(altered(name, { name: namespace, namespace })), name);
      }
      const nameless = altered('namespace-create', { name: '', namespace: '' });
      Object.assign(objectOf(nameless).metadata ?? {}, { name: namespace });
      assert.ok(exemptionOf(nameless));
    });
  }

  it('is the namespace that premortem was told is its own, and no other', () => {
    const review = altered('cronjob-misplaced-apply-create', { namespace: 'guards' });
    assert.ok(exemptionOf(review, 'guards'));
    assert.equal(exemptionOf(review), undefined);
    const elsewhere = altered('cronjob-misplaced-apply-create', { namespace: 'premortem' });
    assert.equal(exemptionOf(elsewhere, 'guards'), undefined);
  });

  it('is no other cluster-scoped object of such a name', () => {
    assert.equal(exemptionOf(altered('clusterrole-create', { name: 'kube-system' })), undefined);
  });

  it('is a Secret', () => {
    const kind = { group: '', version: 'v1', kind: 'Secret' };
    assert.ok(exemptionOf(altered('cronjob-misplaced-apply-create', { kind })));
  });

  it('is a subresource', () => {
    assert.ok(exemptionOf(capture('deployment-scale')));
    assert.ok(exemptionOf(capture('pod-ephemeralcontainers-update')));
  });

  it('is a connection', () => {
    assert.ok(exemptionOf(altered('pod-generatename-create', { operation: 'CONNECT' })));
  });

  it('is what the controllers of Kubernetes delete', () => {
    assert.ok(exemptionOf(capture('pod-deletecollection-by-namespace-controller')));
    for (const controller of ['namespace-controller', 'generic-garbage-collector']) {
      const userInfo = { username: `system:serviceaccount:kube-system:${controller}` };
      assert.ok(exemptionOf(altered('namespace-delete', { userInfo })));
      assert.equal(exemptionOf(altered('namespace-confirm-update', { userInfo })), undefined);
    }
    const userInfo = { username: 'system:serviceaccount:shop:namespace-controller' };
    assert.equal(exemptionOf(altered('namespace-delete', { userInfo })), undefined);
  });

  it('is the deletion of what is already being deleted, but not its change', () => {
    const review = capture('namespace-delete');
    assert.equal(exemptionOf(review), undefined);
    Object.assign(review.request.oldObject?.metadata ?? {}, { deletionTimestamp: '2026-11-21T00:00:00Z' });
    assert.ok(exemptionOf(review));
    assert.equal(exemptionOf(capture('pod-finalizer-removal-update')), undefined);
  });
});

describe('a review that cannot be read', () => {
  const valid = capture('cronjob-misplaced-apply-create');
  const cases: Record<string, unknown> = {
    null: null,
    'a list': [valid],
    text: 'AdmissionReview',
    'an empty mapping': {},
    'another kind': { ...valid, kind: 'Pod' },
    v1beta1: { ...valid, apiVersion: 'admission.k8s.io/v1beta1' },
    'no request': { ...valid, request: null },
    'a list as its request': { ...valid, request: [] },
    'no uid': altered('cronjob-misplaced-apply-create', { uid: '' }),
    'a uid of many kilobytes': altered('cronjob-misplaced-apply-create', { uid: 'u'.repeat(5000) }),
    'an unknown operation': altered('cronjob-misplaced-apply-create', { operation: 'PATCH' }),
    'a kind without a name': altered('cronjob-misplaced-apply-create', {
      kind: { group: '', version: 'v1', kind: '' },
    }),
    'a CREATE without an object': altered('cronjob-misplaced-apply-create', { object: null }),
    'an UPDATE without the old object': altered('cronjob-misplaced-apply-update', { oldObject: null }),
    'a DELETE without the old object': altered('namespace-delete', { oldObject: null }),
    'metadata that is text': altered('cronjob-misplaced-apply-create', {
      object: { metadata: 'x' as never },
    }),
    'a name that is a number': altered('cronjob-misplaced-apply-create', { name: 7 as never }),
  };

  for (const [what, review] of Object.entries(cases)) {
    it(`is one with ${what}`, () => assert.match(errorOf(review), /^[\w .,/-]{5,80}$/));
  }

  it('is never quoted, and never breaks the reading', () => {
    const canary = 'canary-5f1d';
    const anything = fc.oneof(
      fc.constantFrom(null, canary, { [canary]: canary }, [canary], 7),
      fc.jsonValue(),
    );
    const spot = fc.constantFrom('uid', 'kind', 'operation', 'name', 'namespace', 'subResource', 'userInfo');
    const more = fc.constantFrom('object', 'oldObject', 'options', 'dryRun');
    const property = fc.property(
      fc.constantFrom(...captures),
      fc.oneof(spot, more),
      anything,
      (name, field, value) => {
        const intake = readAdmissionReview(altered(name, { [field]: value }));
        if (!intake.ok) assert.doesNotMatch(intake.error, /canary/);
      },
    );
    fc.assert(property, { numRuns: 2000 });
    fc.assert(fc.property(fc.jsonValue(), value => readAdmissionReview(value).ok === false));
  });

  it('leaves the prototype of every object alone', () => {
    const text = JSON.stringify(valid).replace(
      '"metadata":{',
      '"__proto__":{"polluted":1},"metadata":{"__proto__":{"polluted":1},',
    );
    const { object } = subjectOf(JSON.parse(text));
    assert.equal((object as { polluted?: number }).polluted, undefined);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { review } from '../../src/engine/review.ts';
import { Pod } from '../../src/kubernetes/kinds.ts';
import { known } from '../../src/model/subject.ts';
import { MODE_LABEL } from '../../src/model/verdict.ts';
import { answerTo } from '../../src/webhook/answer.ts';
import { namespace, pod, reviewOf, startToyServer, type ToyServer, toySettings } from './toy.ts';

const red = pod({ labels: { colour: 'red' } });
const amber = pod({ labels: { colour: 'amber' } });
const white = pod({ labels: { colour: 'white' } });

describe('the answer', () => {
  let server: ToyServer;
  before(async () => {
    server = await startToyServer();
  });
  after(() => server.stop());

  it('is an AdmissionReview v1 with the uid of the request', async () => {
    const { text } = await server.send('/validate/warn', JSON.stringify(reviewOf(pod())));
    assert.deepEqual(JSON.parse(text), {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'a5a5-toy', allowed: true },
    });
  });

  it('refuses with HTTP 200, for any other status is a failure to the API server', async () => {
    const answer = await server.send('/validate/enforce', JSON.stringify(reviewOf(red)));
    assert.equal(answer.status, 200);
    const { response } = JSON.parse(answer.text);
    assert.equal(response.allowed, false);
    assert.equal(response.status.code, 403);
    assert.equal(response.status.reason, 'Forbidden');
    assert.match(response.status.message, /^Pod shop\/toy: 1 fault that has caused outages: painted-red\n/);
    assert.deepEqual(response.status.details, {
      name: 'toy',
      group: '',
      kind: 'Pod',
      causes: [{ reason: 'painted-red', message: 'toy is red', field: 'metadata.labels.colour' }],
    });
  });

  it('says in warn what enforce would refuse', async () => {
    const { allowed, warnings } = await server.ask('warn', reviewOf(red));
    assert.equal(allowed, true);
    assert.deepEqual(warnings, ['Pod shop/toy: would be refused: toy is red [painted-red]']);
  });

  it('tells in audit the audit log alone', async () => {
    assert.deepEqual(await server.ask('audit', reviewOf(red)), {
      uid: 'a5a5-toy',
      allowed: true,
      auditAnnotations: { findings: 'deny/painted-red' },
    });
  });

  it('warns of a weaker fault and lets it pass', async () => {
    const { allowed, warnings, auditAnnotations } = await server.ask('enforce', reviewOf(amber));
    assert.equal(allowed, true);
    assert.deepEqual(warnings, ['Pod shop/toy: toy is amber [painted-amber]']);
    assert.deepEqual(auditAnnotations, { findings: 'warn/painted-amber' });
  });

  it('keeps a note to the audit log', async () => {
    const { warnings, auditAnnotations } = await server.ask('enforce', reviewOf(white));
    assert.equal(warnings, undefined);
    assert.deepEqual(auditAnnotations, { findings: 'note/painted-white' });
  });

  it('lets an old fault pass, and says that it is old', async () => {
    const { allowed, warnings, auditAnnotations } = await server.ask('enforce', reviewOf(red, red));
    assert.equal(allowed, true);
    assert.equal(warnings?.length, 1);
    assert.deepEqual(auditAnnotations, { existing: 'deny/painted-red' });
  });

  it('lets a waived fault pass, and keeps the waiver on record', async () => {
    const annotations = { 'waive.premortem.dev/painted-red': 'it is a toy' };
    const waived = pod({ labels: { colour: 'red' }, annotations });
    assert.deepEqual(await server.ask('enforce', reviewOf(waived)), {
      uid: 'a5a5-toy',
      allowed: true,
      auditAnnotations: { waived: 'deny/painted-red' },
    });
  });

  it('says which rule could not be decided, and lets pass', async () => {
    const { allowed, warnings, auditAnnotations } = await server.ask(
      'enforce',
      reviewOf(pod({ labels: { breaks: 'yes' } })),
    );
    assert.equal(allowed, true);
    assert.match(warnings?.[0] ?? '', /premortem could not check breaks/);
    assert.deepEqual(auditAnnotations, { undecided: 'failed/breaks' });
  });

  it('tells of a rule that lacks what it needs', async () => {
    const options = { fieldValidation: 'Ignore' };
    const { allowed, auditAnnotations } = await server.ask('enforce', reviewOf(pod(), null, { options }));
    assert.equal(allowed, true);
    assert.deepEqual(auditAnnotations, { undecided: 'unknown/reads-written' });
  });

  it('says nothing of what a controller made', async () => {
    const owned = { ownerReferences: [{ kind: 'ReplicaSet', name: 'toy', controller: true }] };
    const made = pod({ labels: { colour: 'red' }, more: owned });
    assert.deepEqual(await server.ask('enforce', reviewOf(made)), { uid: 'a5a5-toy', allowed: true });
  });

  it('says nothing of kinds that no rule speaks of', async () => {
    const gadget = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { labels: { colour: 'red' } } };
    assert.deepEqual(await server.ask('enforce', reviewOf(gadget)), { uid: 'a5a5-toy', allowed: true });
  });

  it('passes everything in the namespaces of Kubernetes and in its own', async () => {
    for (const namespace of ['kube-system', 'kube-public', 'kube-node-lease', 'premortem']) {
      assert.deepEqual(await server.ask('enforce', reviewOf(red, null, { namespace })), {
        uid: 'a5a5-toy',
        allowed: true,
      });
    }
  });
});

describe('the mode by label', () => {
  let server: ToyServer;
  before(async () => {
    server = await startToyServer();
  });
  after(() => server.stop());

  const enforced = namespace({ [MODE_LABEL]: 'enforce', colour: 'red' });
  const unlabelled = namespace({ colour: 'red' });
  const about = { name: 'shop', namespace: 'shop' };
  const ask = (object: object | null, oldObject: object | null = null) =>
    server.ask('by-label', reviewOf(object, oldObject, about));

  it("is the Namespace's own on CREATE", async () => {
    assert.equal((await ask(enforced)).allowed, false);
    const { allowed, warnings } = await ask(namespace({ [MODE_LABEL]: 'warn', colour: 'red' }));
    assert.equal(allowed, true);
    assert.equal(warnings?.length, 1);
  });

  it('is the old one on DELETE', async () => assert.equal((await ask(null, enforced)).allowed, false));

  it('is the old one on UPDATE, so that to take the label off is judged by it', async () => {
    const calm = namespace({ [MODE_LABEL]: 'enforce' });
    assert.equal((await ask(unlabelled, calm)).allowed, false);
    assert.equal((await ask(enforced, namespace({}))).allowed, true);
  });

  for (const label of ['', 'Enforce', 'off', 'by-label', 'constructor', '__proto__']) {
    it(`is none when the label is "${label}": then nothing is judged, and the author is told`, async () => {
      const labels = Object.fromEntries([
        [MODE_LABEL, label],
        ['colour', 'red'],
      ]);
      const { allowed, warnings } = await ask(namespace(labels));
      assert.equal(allowed, true);
      assert.deepEqual(warnings, [
        `Namespace shop: ${MODE_LABEL} is "${label}", none of enforce, warn, audit: nothing is checked in it`,
      ]);
    });
  }

  it('is none without a label', async () => {
    assert.deepEqual(await ask(unlabelled), { uid: 'a5a5-toy', allowed: true });
    assert.deepEqual(await ask(null, unlabelled), { uid: 'a5a5-toy', allowed: true });
  });

  it('is none for anything but a Namespace', async () => {
    const labelled = pod({ labels: { [MODE_LABEL]: 'enforce', colour: 'red' } });
    assert.equal((await server.ask('by-label', reviewOf(labelled))).allowed, true);
  });
});

describe('the size of an answer', () => {
  it('stays within 16 KB, whatever the findings say', () => {
    const object = pod({ labels: { colour: 'red' } });
    const subject = { operation: 'CREATE' as const, kind: Pod, object, asWritten: known(object) };
    const [finding] = review(subject, toySettings).findings;
    assert.ok(finding);
    const { fix, fingerprint } = finding;
    // The engine cuts both texts at 400 characters.
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constant('"\u6f22\\\n'.repeat(100)),
    );
    const property = fc.property(fc.nat(200), text, (count, text) => {
      const told = { ...finding, fix, fingerprint, what: text, at: text };
      const findings = Array.from({ length: count }, () => told);
      const answer = answerTo({
        result: 'judged',
        uid: 'u'.repeat(128),
        mode: 'enforce',
        subject,
        review: { object: { ...finding.object, name: text }, findings, undecided: [], waiverProblems: [] },
        verdict: {
          mode: 'enforce',
          allowed: false,
          refusals: findings,
          warnings: findings.map(finding => ({ finding, wouldRefuse: true })),
          notes: [],
          failures: [],
          undecided: [],
          annotationWaivers: 'honoured',
        },
      });
      assert.ok(Buffer.byteLength(answer) <= 16_384, `${Buffer.byteLength(answer)} bytes`);
      JSON.parse(answer);
    });
    fc.assert(property, { numRuns: 100 });
  });
});

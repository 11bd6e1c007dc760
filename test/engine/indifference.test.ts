import assert from 'node:assert/strict';
import fc from 'fast-check';
import { admissionReview } from '../../demo/admission-request.ts';
import { review } from '../../src/engine/review.ts';
import { readAdmissionReview } from '../../src/intake/admission-review.ts';
import { type builtInKinds, kindOf, podKinds } from '../../src/kubernetes/kinds.ts';
import { type KubeObject, valueAt } from '../../src/kubernetes/object.ts';
import { podTemplate } from '../../src/kubernetes/pod.ts';
import { known } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import { caseSettings, createdObjects } from '../cases.ts';
import { runs } from '../runs.ts';
import { INHERITED } from '../webhook/mutation.ts';

const objects = createdObjects();
const workloads = objects.filter(object => podTemplate(object, kindOf(object)));

/** What is found in an object that is made, as what tells one finding from another. */
function found(object: KubeObject): string[] {
  const subject = { operation: 'CREATE' as const, kind: kindOf(object), object, asWritten: known(object) };
  const { findings } = review(subject, caseSettings);
  return findings.map(({ identity, severity }) => `${severity} ${identity}`).sort();
}

/** Does it speak of a container by itself? Some rules speak of a container beside others. */
function isOfOne(finding: string): boolean {
  return !/ (signal-sidecar-without-shared-pid|init-inflates-pod) /.test(finding);
}

/** A Pod that somebody starts by hand may well wait for somebody. */
function isOfBarePodsToo(finding: string): boolean {
  return !/^(keepalive-shell|interactive-workload) /.test(finding);
}

/** The same value with the keys of every mapping, and the items of the lists so called, in another order. */
function shuffled(value: unknown, chance: () => number, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => shuffled(item, chance));
    return REORDERED.has(key) ? inAnyOrder(items, chance) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffled(inner, chance, key)] as const);
  return Object.fromEntries(inAnyOrder(entries, chance));
}

const REORDERED = new Set(['containers', 'initContainers', 'env', 'volumes', 'tolerations', 'ports']);

function inAnyOrder<Item>(items: readonly Item[], chance: () => number): Item[] {
  return items
    .map(item => ({ item, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Fractions that follow from a seed. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('what is found in any object does not depend on', () => {
  it('the order of keys, containers and variables', () => {
    const property = fc.property(fc.constantFrom(...objects), fc.nat(), (object, seed) => {
      assert.deepEqual(found(shuffled(object, chances(seed)) as KubeObject), found(object));
    });
    fc.assert(property, { numRuns: runs(0.1) });
  });

  it('labels and annotations that mean nothing to us', () => {
    const words = fc.oneof(fc.string(), fc.constantFrom(...INHERITED));
    const texts = fc.dictionary(words, words, { maxKeys: 3, noNullPrototype: true });
    const property = fc.property(fc.constantFrom(...objects), texts, texts, (object, labels, annotations) => {
      const { metadata } = object;
      const changed = {
        ...metadata,
        labels: { ...labels, ...metadata?.labels },
        annotations: { ...annotations, ...metadata?.annotations },
      };
      assert.deepEqual(found({ ...object, metadata: changed }), found(object));
    });
    fc.assert(property, { numRuns: runs(0.1) });
  });

  it('another container that is good', () => {
    const memory = { memory: '1Gi' };
    const good = { name: 'another', image: 'another:1', resources: { requests: memory, limits: memory } };
    for (const object of workloads) {
      const copy = structuredClone(object);
      const path = [...(kindOf(object)?.podTemplate ?? []), 'spec', 'containers'];
      (valueAt(copy, path) as unknown[]).unshift(good);
      assert.deepEqual(found(copy).filter(isOfOne), found(object).filter(isOfOne));
    }
  });

  it('whether what is empty is written, written as null, or left out', () => {
    const EMPTY = ['labels', 'annotations', 'ownerReferences', 'finalizers', 'managedFields'];
    const IN_POD = ['initContainers', 'ephemeralContainers', 'volumes', 'securityContext', 'nodeName'];
    const IN_CONTAINER = ['env', 'ports', 'args', 'startupProbe', 'lifecycle', 'resources'];
    for (const object of workloads) {
      const template = kindOf(object)?.podTemplate ?? [];
      const places: [readonly (string | number)[], string[]][] = [
        [['metadata'], EMPTY],
        [[...template, 'spec'], IN_POD],
        [[...template, 'spec', 'containers', 0], IN_CONTAINER],
      ];
      for (const [path, keys] of places) {
        for (const key of keys.filter(key => valueAt(object, [...path, key]) === undefined)) {
          for (const empty of [null, emptyOf(key)]) {
            const copy = structuredClone(object);
            (valueAt(copy, path) as Record<string, unknown>)[key] = empty;
            assert.deepEqual(found(copy), found(object), `${object.kind} ${key}: ${JSON.stringify(empty)}`);
          }
        }
      }
    }
  });

  it('which kind holds the pod template', () => {
    const kinds = podKinds.filter(({ name }) => name !== 'Pod');
    for (const object of workloads) {
      const path = kindOf(object)?.podTemplate ?? [];
      const template = path.length === 0 ? { spec: object.spec } : valueAt(object, path);
      // How bad it is does depend on the kind.
      const inAll = kinds.map(kind => ofAnyPod(found(holding(template, kind))));
      for (const one of inAll) assert.deepEqual(one, inAll[0]);
      const { spec } = template as KubeObject;
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec };
      assert.deepEqual(ofAnyPod(found(pod)), inAll[0]?.filter(isOfBarePodsToo));
    }
  });

  it('who asks, whether in earnest, and what the API server keeps beside it', () => {
    const text = fc.string({ minLength: 1, maxLength: 100 });
    const request = fc.record(
      { uid: text, dryRun: fc.boolean(), userInfo: fc.record({ username: text, groups: fc.array(text) }) },
      { requiredKeys: [] },
    );
    const metadata = fc.record(
      {
        uid: text,
        resourceVersion: text,
        generation: fc.nat(),
        creationTimestamp: text,
        managedFields: fc.array(fc.record({ manager: text, fieldsV1: fc.object() }), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    );
    const asked = (object: KubeObject, more: object, meta: object) => {
      const review = admissionReview({ operation: 'CREATE', object });
      Object.assign(review.request, more);
      Object.assign(review.request.object?.metadata ?? {}, meta);
      return judgedBy(review);
    };
    const property = fc.property(fc.constantFrom(...objects), request, metadata, (object, more, meta) => {
      assert.deepEqual(asked(object, more, meta), asked(object, {}, {}));
    });
    fc.assert(property, { numRuns: runs(0.1) });
  });
});

function judgedBy(request: object): string[] | string {
  const intake = readAdmissionReview(request);
  if (!intake.ok) return intake.error;
  if (!('subject' in intake)) return 'exempt';
  return review(intake.subject, caseSettings).findings.map(
    ({ identity, severity }) => `${severity} ${identity}`,
  );
}

function emptyOf(key: string): unknown {
  if (key === 'nodeName') return '';
  return /^(labels|annotations|securityContext|lifecycle|resources|startupProbe)$/.test(key) ? {} : [];
}

/** An object of a kind, with nothing in it but its pod template. */
function holding(
  template: unknown,
  kind: (typeof builtInKinds)[number] | (typeof podKinds)[number],
): KubeObject {
  const path = kind.podTemplate ?? [];
  const inner = path.reduceRight<unknown>((value, step) => ({ [step]: value }), template) as object;
  const apiVersion = kind.group === '' ? 'v1' : `${kind.group}/v1`;
  return { apiVersion, kind: kind.name, metadata: { name: 'web', namespace: 'shop' }, ...inner };
}

/** Those that lie in the pod, at the place that they have there. */
function inTemplate(findings: readonly string[]): string[] {
  return findings
    .filter(text => /ontainers/.test(text))
    .map(text => text.replace(/ \S*?(?=(init|ephemeral)?[cC]ontainers)/, ' '))
    .sort();
}

function withoutSeverity(findings: readonly string[]): string[] {
  return findings.map(text => text.replace(/^\w+ /, '')).sort();
}

/** What the rules find that speak of every kind with a pod template alike. */
function ofAnyPod(findings: readonly string[]): string[] {
  const alike = rules.filter(({ kinds, id }) => kinds === podKinds && !OF_SOME_KINDS.includes(id));
  const ids = alike.map(({ id }) => id);
  return withoutSeverity(inTemplate(findings)).filter(text => ids.includes(text.split(' ')[0] ?? ''));
}

/** What is on a schedule runs in a loop, a DaemonSet pulls on every node, and a Job soon gives back what it holds. */
const OF_SOME_KINDS = ['kubectl-in-a-loop', 'pull-always', 'init-inflates-pod'];

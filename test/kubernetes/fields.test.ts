import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { schemaOf, unknownFields } from '../../src/kubernetes/fields.ts';

const container = { name: 'app', image: 'registry.example/app:1' };

function pod(spec: object, more: object = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app' },
    spec: { containers: [container], ...spec },
    ...more,
  };
}

function definition(openAPIV3Schema: unknown) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: { versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }] },
  };
}

function paths(object: unknown): string[] {
  return unknownFields(object).map(({ path }) => path.join('.'));
}

describe('the fields that Kubernetes declares', () => {
  it('are those of the installed @kubernetes/client-node', () => {
    execFileSync(process.execPath, ['scripts/generate-fields.ts', '--check'], { stdio: 'pipe' });
  });

  it('are looked up by group before kind', () => {
    assert.equal(schemaOf('v1', 'Service'), 'V1Service');
    assert.equal(schemaOf('serving.knative.dev/v1', 'Service'), undefined);
    assert.equal(schemaOf('batch/v1', 'Service'), undefined);
    assert.equal(schemaOf('events.k8s.io/v1', 'Event'), 'EventsV1Event');
    assert.equal(schemaOf('v1', 'Event'), 'CoreV1Event');
  });

  it('are not found under the names that every JavaScript object has', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      assert.equal(schemaOf(name, name), undefined);
      assert.deepEqual(unknownFields({ apiVersion: name, kind: name, spec: {} }), []);
    }
  });

  it('serve a former API version too, if the shape has stayed', () => {
    assert.equal(schemaOf('batch/v2alpha1', 'CronJob'), 'V1CronJob');
    assert.equal(schemaOf('batch/v1beta1', 'CronJob'), 'V1CronJob');
    assert.equal(schemaOf('extensions/v1beta1', 'DaemonSet'), 'V1DaemonSet');
    assert.equal(schemaOf('autoscaling/v2beta1', 'HorizontalPodAutoscaler'), undefined);
    assert.equal(schemaOf('extensions/v1beta1', 'PodSecurityPolicy'), undefined);
  });

  it('allow a former version what it had and has lost since', () => {
    const backend = { serviceName: 'app', servicePort: 80 };
    const spec = { backend, rules: [{ host: 'a.example', http: { paths: [{ path: '/', backend }] } }] };
    assert.deepEqual(paths({ apiVersion: 'extensions/v1beta1', kind: 'Ingress', spec }), []);
    assert.deepEqual(paths({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec }), [
      'spec.backend',
      'spec.rules.0.http.paths.0.backend.serviceName',
      'spec.rules.0.http.paths.0.backend.servicePort',
    ]);
    const rollback = {
      apiVersion: 'extensions/v1beta1',
      kind: 'Deployment',
      spec: { rollbackTo: {}, replica: 1 },
    };
    assert.deepEqual(paths(rollback), ['spec.replica']);
  });
});

describe('an unknown field', () => {
  it('is reported with its path, key and value, null included', () => {
    const [found] = unknownFields(pod({ containers: [container, { ...container, imagePullPolciy: null }] }));
    assert.deepEqual(found, {
      path: ['spec', 'containers', 1, 'imagePullPolciy'],
      key: 'imagePullPolciy',
      value: null,
      belongs: [],
      near: 'imagePullPolicy',
    });
  });

  it('is not a directive for kustomize or a strategic merge, nor the block that sops leaves', () => {
    const directives = {
      $patch: 'delete',
      $retainKeys: ['name'],
      '$setElementOrder/containers': [{ name: 'app' }],
    };
    assert.deepEqual(paths(pod(directives, { sops: { mac: 'x' }, $patch: 'replace' })), []);
    assert.deepEqual(paths(pod({ sops: {} })), ['spec.sops']);
  });

  it('is not a key of a free-form map, a quantity, or anything that the API server writes', () => {
    const object = pod(
      {
        nodeSelector: { anything: 'goes' },
        containers: [{ ...container, resources: { limits: { cpu: 2, 'example.com/gpu': 1 } } }],
      },
      {
        metadata: {
          creationTimestamp: null,
          annotations: { anything: 'goes' },
          managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': {} }, somethingNew: 1 }],
        },
        status: { somethingNew: 1 },
      },
    );
    assert.deepEqual(paths(object), []);
    assert.deepEqual(paths({ apiVersion: 'v1', kind: 'ConfigMap', data: { anything: 'goes' } }), []);
  });

  it('is found at any depth of a type that contains itself', () => {
    const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, propertys: {}, $ref: 'x' };
    assert.deepEqual(paths(definition({ properties: { a: { properties: { b: schema } } } })), [
      'spec.versions.0.schema.openAPIV3Schema.properties.a.properties.b.propertys',
    ]);
  });

  it('is not looked for where the object is not what it should be', () => {
    assert.deepEqual(
      paths(pod({ containers: 'none', volumes: { name: 'x' }, securityContext: [{ x: 1 }] })),
      [],
    );
    assert.deepEqual(paths({ apiVersion: 'v1', kind: 'Pod', spec: 'x' }), []);
    for (const value of [undefined, null, 1, 'Pod', [], {}, { apiVersion: 1, kind: {} }]) {
      assert.deepEqual(unknownFields(value), []);
    }
  });
});

describe('a hostile object', () => {
  it('reports an own __proto__ like any other key, and does no harm', () => {
    const object = JSON.parse(
      '{"apiVersion":"v1","kind":"Pod","spec":{"__proto__":{"containers":1},"constructor":1}}',
    );
    assert.deepEqual(paths(object), ['spec.__proto__', 'spec.constructor']);
  });

  it('may be 10,000 levels deep', () => {
    let schema: object = { typo: 1 };
    for (let level = 0; level < 10_000; level++) schema = { properties: { deeper: schema } };
    const [found] = unknownFields(definition(schema));
    assert.equal(found?.path.length, 20_006);
  });

  it('may share its parts a thousandfold, or contain itself', () => {
    let schema: object = { typo: 1 };
    for (let level = 0; level < 100; level++) schema = { properties: { a: schema, b: schema } };
    assert.equal(unknownFields(definition(schema)).length, 1);
    const endless: { typo: number; properties?: object } = { typo: 1 };
    endless.properties = { endless };
    assert.equal(unknownFields(definition(endless)).length, 1);
  });

  it('gets no more than a hundred of its unknown fields told', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`field${index}`, index]));
    assert.equal(unknownFields(pod(many)).length, 100);
  });

  it('never makes it throw', () => {
    const names =
      'apiVersion kind metadata labels name spec template jobTemplate containers env Image livenessProbe httpGet ' +
      'command resources limits restartPolicy volumes replicas __proto__ constructor $patch *';
    const key = fc.constantFrom('', ...names.split(' '));
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 8, withCrossShrink: true },
        fc.jsonValue({ maxDepth: 1 }),
        tie('mapping'),
        tie('list'),
      ),
      mapping: fc
        .array(fc.tuple(key, tie('value')), { maxLength: 4 })
        .map(entries => Object.fromEntries(entries)),
      list: fc.array(tie('value'), { maxLength: 2 }),
    }));
    const kind = fc.constantFrom('v1 Pod', 'apps/v1 Deployment', 'batch/v1 CronJob', 'v1 Service');
    fc.assert(
      fc.property(kind, fc.dictionary(key, value, { maxKeys: 4 }), (versionAndKind, object) => {
        const [apiVersion, kind] = versionAndKind.split(' ');
        for (const found of unknownFields({ ...object, spec: object, apiVersion, kind })) {
          assert.equal(found.path.at(-1), found.key);
          assert.ok(found.belongs.length <= 3);
        }
      }),
    );
  });
});

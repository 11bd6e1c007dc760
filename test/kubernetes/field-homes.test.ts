import assert from 'node:assert/strict';
import { declaredPaths } from '../../src/kubernetes/field-index.ts';
import { unknownFields } from '../../src/kubernetes/fields.ts';

const container = { name: 'app', image: 'registry.example/app:1' };

interface Parts {
  root?: object;
  metadata?: object;
  spec?: object;
  job?: object;
  template?: object;
  pod?: object;
  container?: object;
}

function deployment(parts: Parts) {
  const podSpec = { containers: [{ ...container, ...parts.container }], ...parts.pod };
  const template = { metadata: { labels: { app: 'a' } }, ...parts.template, spec: podSpec };
  const spec = { selector: { matchLabels: { app: 'a' } }, ...parts.spec, template };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', ...parts.metadata },
    ...parts.root,
    spec,
  };
}

function cronJob(parts: Parts) {
  const podSpec = { containers: [{ ...container, ...parts.container }], ...parts.pod };
  const jobTemplate = { spec: { ...parts.job, template: { ...parts.template, spec: podSpec } } };
  const spec = { schedule: '0 * * * *', ...parts.spec, jobTemplate };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'a', ...parts.metadata }, spec };
}

function service(spec: object, metadata: object = {}) {
  const ports = [{ port: 80 }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', ...metadata },
    spec: { ports, ...spec },
  };
}

/** The homes of the only unknown field, as text. */
function homes(object: unknown): string[] {
  const found = unknownFields(object);
  assert.equal(found.length, 1, `one unknown field, not ${found.map(({ key }) => key).join(', ')}`);
  return (found[0]?.belongs ?? []).map(
    ({ path, reason, alreadySet }) =>
      path.join('.') + (reason === 'case' ? ' (case)' : '') + (alreadySet ? ' (set)' : ''),
  );
}

describe('a field at the wrong level', () => {
  for (const part of ['pod', 'template', 'job', 'container'] as const) {
    for (const key of ['concurrencyPolicy', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit']) {
      it(`is ${key} in the ${part} of a CronJob, which belongs in its spec`, () => {
        const value = key === 'concurrencyPolicy' ? 'Forbid' : 1;
        assert.deepEqual(homes(cronJob({ [part]: { [key]: value } })), [`spec.${key}`]);
      });
    }
  }

  it('is sent to the nearest of several places', () => {
    const spec = 'spec.jobTemplate.spec';
    assert.deepEqual(homes(cronJob({ spec: { activeDeadlineSeconds: 9 } })), [
      `${spec}.activeDeadlineSeconds`,
    ]);
    assert.deepEqual(homes(cronJob({ template: { activeDeadlineSeconds: 9 } })), [
      `${spec}.activeDeadlineSeconds`,
      `${spec}.template.spec.activeDeadlineSeconds`,
    ]);
    assert.deepEqual(
      homes(cronJob({ template: { restartPolicy: 'Never' } }))[0],
      `${spec}.template.spec.restartPolicy`,
    );
  });

  it('is sent up, down, or to the side', () => {
    const pod = 'spec.template.spec';
    const probe = { httpGet: { path: '/', port: 80 } };
    assert.deepEqual(homes(deployment({ pod: { livenessProbe: probe } })), [
      `${pod}.containers.0.livenessProbe`,
    ]);
    assert.deepEqual(homes(deployment({ container: { nodeSelector: { a: 'b' } } })), [`${pod}.nodeSelector`]);
    assert.deepEqual(homes(deployment({ container: { limits: { cpu: 1 } } })), [
      `${pod}.containers.0.resources.limits`,
    ]);
    assert.deepEqual(homes(deployment({ spec: { serviceAccountName: 'x' } })), [`${pod}.serviceAccountName`]);
    assert.deepEqual(homes(deployment({ metadata: { replicas: 3 } })), ['spec.replicas']);
    assert.deepEqual(homes(deployment({ container: { securityContext: { fsGroup: 1 } } })), [
      `${pod}.securityContext.fsGroup`,
    ]);
    assert.deepEqual(homes(deployment({ pod: { securityContext: { privileged: true } } })), [
      `${pod}.containers.0.securityContext.privileged`,
    ]);
  });

  it('is said to be set already where it belongs', () => {
    assert.deepEqual(homes(deployment({ spec: { replicas: 2 }, pod: { replicas: 3 } })), [
      'spec.replicas (set)',
    ]);
  });

  it('stands for every container when there are several', () => {
    const containers = [container, container];
    assert.deepEqual(homes(deployment({ pod: { containers, livenessProbe: {} } })), [
      'spec.template.spec.containers.*.livenessProbe',
    ]);
  });

  it('is told from one of another type by its value', () => {
    assert.deepEqual(homes(deployment({ metadata: { replicas: 'three' } })), []);
    assert.deepEqual(homes(deployment({ template: { selector: { app: 'a' } } })), []);
    const selector = { matchLabels: { app: 'a' } };
    assert.deepEqual(homes(deployment({ template: { selector } })), ['spec.selector (set)']);
  });

  it('is found in a CustomResourceDefinition, whose type contains itself', () => {
    const version = { name: 'v1', schema: { properties: {} } };
    const object = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      spec: { versions: [version] },
    };
    assert.deepEqual(homes(object), ['spec.versions.0.schema.openAPIV3Schema.properties']);
  });
});

describe('a common name', () => {
  it('is not taken for its namesake far away', () => {
    for (const key of ['name', 'namespace', 'type', 'key', 'value', 'path', 'kind']) {
      assert.deepEqual(homes(deployment({ pod: { [key]: 'x' } })), [], key);
    }
    assert.deepEqual(
      homes(deployment({ container: { port: 8080, livenessProbe: { httpGet: { port: 1 } } } })),
      [],
    );
  });

  it('is not missed where it is set', () => {
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a', namespace: 'b' };
    const subjects = [{ kind: 'User', name: 'a' }];
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'a' },
    };
    assert.deepEqual(homes({ ...binding, roleRef, subjects }), []);
    assert.deepEqual(homes({ ...binding, subjects: [{ kind: 'User', name: 'a', apiVersion: 'v1' }] }), []);
  });

  it('belongs one level up or down, and labels in the metadata beside a spec', () => {
    assert.deepEqual(homes(deployment({ root: { namespace: 'shop' } })), ['metadata.namespace']);
    assert.deepEqual(homes(service({ labels: { app: 'a' } })), ['metadata.labels']);
    assert.deepEqual(homes(service({ labels: { app: 'a' } }, { labels: {} })), ['metadata.labels (set)']);
    assert.deepEqual(homes(service({ targetPort: 8080 })), ['spec.ports.0.targetPort']);
    assert.deepEqual(homes(deployment({ container: { labels: { app: 'a' } } })), []);
  });
});

describe('a field for which nothing decides', () => {
  it('is not sent to one kind of volume for another', () => {
    const volumes = [{ name: 'v', storageos: { volumeName: 'v', pool: 'default' } }];
    assert.deepEqual(homes(deployment({ pod: { volumes } })), []);
    assert.deepEqual(homes(deployment({ pod: { volumes: [{ name: 'v', secretName: 's' }] } })), []);
    assert.deepEqual(homes(deployment({ pod: { volumes: [{ name: 'v', secret: {}, secretName: 's' }] } })), [
      'spec.template.spec.volumes.0.secret.secretName',
    ]);
  });

  it('is not sent into its own ancestor', () => {
    assert.deepEqual(homes(deployment({ container: { containers: [container] } })), []);
  });
});

describe('a field in the wrong letters', () => {
  it('belongs where it is, in the right ones', () => {
    const image = 'spec.template.spec.containers.0.image';
    assert.deepEqual(homes(deployment({ pod: { containers: [{ name: 'app', Image: 'x' }] } })), [
      `${image} (case)`,
    ]);
    assert.deepEqual(homes(deployment({ container: { Image: 'x' } })), [`${image} (case) (set)`]);
  });

  it('is near a sibling that could hold its value', () => {
    const near = (object: unknown) => unknownFields(object).map(found => found.near);
    assert.deepEqual(near(deployment({ container: { imagePullPolciy: 'Always' } })), ['imagePullPolicy']);
    assert.deepEqual(near(deployment({ container: { imagePullPolciy: ['Always'] } })), [undefined]);
    assert.deepEqual(near(deployment({ container: { Image: 'x', tyy: true } })), [undefined, 'tty']);
    assert.deepEqual(near(deployment({ container: { '': 1, ab: 'x' } })), [undefined, undefined]);
  });
});

describe('the declared paths of a name', () => {
  it('are those of the kind, its status aside', () => {
    assert.deepEqual(declaredPaths('V1CronJob', 'concurrencyPolicy'), ['spec.concurrencyPolicy']);
    assert.deepEqual(declaredPaths('V1Pod', 'livenessProbe'), [
      'spec.containers[].livenessProbe',
      'spec.ephemeralContainers[].livenessProbe',
      'spec.initContainers[].livenessProbe',
    ]);
    assert.deepEqual(declaredPaths('V1Deployment', 'availableReplicas'), []);
    assert.deepEqual(declaredPaths('NoSuchType', 'name'), []);
  });
});

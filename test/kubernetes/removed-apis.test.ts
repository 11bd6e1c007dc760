import assert from 'node:assert/strict';
import declared from '../../src/kubernetes/fields.generated.json' with { type: 'json' };
import { successorOf } from '../../src/kubernetes/former-kinds.ts';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import { isGone, removedApi, removedApis } from '../../src/kubernetes/removed-apis.ts';

/** From the Deprecated API Migration Guide of Kubernetes and the CHANGELOGs of the releases, told apart by hand. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  '1.8': ['autoscaling/v2alpha1 HorizontalPodAutoscaler', 'batch/v2alpha1 ScheduledJob'],
  '1.16': [
    'apps/v1beta1 Deployment',
    'apps/v1beta1 StatefulSet',
    'apps/v1beta2 DaemonSet',
    'apps/v1beta2 Deployment',
    'apps/v1beta2 ReplicaSet',
    'apps/v1beta2 StatefulSet',
    'extensions/v1beta1 DaemonSet',
    'extensions/v1beta1 Deployment',
    'extensions/v1beta1 NetworkPolicy',
    'extensions/v1beta1 PodSecurityPolicy',
    'extensions/v1beta1 ReplicaSet',
  ],
  '1.20': ['settings.k8s.io/v1alpha1 PodPreset'],
  '1.21': ['batch/v2alpha1 CronJob', 'discovery.k8s.io/v1alpha1 EndpointSlice'],
  '1.22': [
    'admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration',
    'admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration',
    'apiextensions.k8s.io/v1beta1 CustomResourceDefinition',
    'apiregistration.k8s.io/v1beta1 APIService',
    'authentication.k8s.io/v1beta1 TokenReview',
    'authorization.k8s.io/v1beta1 SubjectAccessReview',
    'certificates.k8s.io/v1beta1 CertificateSigningRequest',
    'coordination.k8s.io/v1beta1 Lease',
    'extensions/v1beta1 Ingress',
    'networking.k8s.io/v1beta1 Ingress',
    'networking.k8s.io/v1beta1 IngressClass',
    'rbac.authorization.k8s.io/v1beta1 ClusterRole',
    'rbac.authorization.k8s.io/v1beta1 RoleBinding',
    'scheduling.k8s.io/v1beta1 PriorityClass',
    'storage.k8s.io/v1beta1 CSIDriver',
    'storage.k8s.io/v1beta1 CSINode',
    'storage.k8s.io/v1beta1 StorageClass',
    'storage.k8s.io/v1beta1 VolumeAttachment',
  ],
  '1.23': ['rbac.authorization.k8s.io/v1alpha1 Role', 'scheduling.k8s.io/v1alpha1 PriorityClass'],
  '1.24': ['node.k8s.io/v1alpha1 RuntimeClass', 'storage.k8s.io/v1alpha1 CSIStorageCapacity'],
  '1.25': [
    'autoscaling/v2beta1 HorizontalPodAutoscaler',
    'batch/v1beta1 CronJob',
    'discovery.k8s.io/v1beta1 EndpointSlice',
    'events.k8s.io/v1beta1 Event',
    'node.k8s.io/v1beta1 RuntimeClass',
    'policy/v1beta1 PodDisruptionBudget',
    'policy/v1beta1 PodSecurityPolicy',
  ],
  '1.26': ['autoscaling/v2beta2 HorizontalPodAutoscaler', 'flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema'],
  '1.27': ['storage.k8s.io/v1beta1 CSIStorageCapacity'],
  '1.29': ['flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration'],
  '1.32': ['flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema'],
  '1.35': [
    'certificates.k8s.io/v1alpha1 PodCertificateRequest',
    'storage.k8s.io/v1alpha1 VolumeAttributesClass',
  ],
};

const REVIEWS = /(Access|Rules|Subject|Token)Review$|Eviction$/;

describe('removed API versions', () => {
  it('name a successor, or say what to do', () => {
    for (const api of removedApis()) {
      const { successor, remark } = removedApi(api) ?? {};
      assert.ok(successor !== undefined || remark !== undefined, api);
      assert.ok(
        successor === undefined || removedApi(successor) === undefined,
        `${api}: ${successor} is gone too`,
      );
    }
  });

  it('agree with what is known of the fields of former versions', () => {
    for (const api of removedApis()) {
      const successor = successorOf(api);
      if (successor !== undefined) assert.equal(removedApi(api)?.successor, successor);
    }
  });

  it('are of kinds that are known, but for what is asked and never stored', () => {
    for (const api of removedApis()) {
      const [apiVersion, kind = ''] = api.split(' ');
      assert.ok(REVIEWS.test(kind) || kindOf({ apiVersion, kind }), api);
    }
  });

  it('are none that the installed @kubernetes/client-node declares, but for those that it has outlived', () => {
    const gone = [...removedApis()].filter(api => isGone(apiOf(api)));
    assert.deepEqual(
      gone.filter(api => Object.hasOwn(declared.kinds, api)),
      [],
    );
  });

  for (const [version, apis] of Object.entries(TOLD)) {
    it(`are gone since ${version} where Kubernetes has told so: ${apis.length}`, () => {
      for (const api of apis) assert.equal(removedApi(api)?.removedIn, version, api);
    });
  }

  it('go with the version that is meant, by number and not by spelling', () => {
    const cronJob = apiOf('batch/v1beta1 CronJob');
    assert.deepEqual(
      (['1.9', '1.24', '1.25', '1.100'] as const).map(target => isGone(cronJob, target)),
      [false, false, true, true],
    );
    assert.equal(isGone(apiOf('networking.k8s.io/v1beta1 ServiceCIDR')), false, 'announced for 1.37');
  });

  it('have a successor that is served by the time that they go, or one further on', () => {
    for (const api of removedApis()) {
      const { successor, since } = apiOf(api);
      assert.equal(successor === undefined, since === undefined, api);
    }
    assert.equal(removedApi('batch/v2alpha1 CronJob')?.since, '1.21');
    assert.equal(removedApi('flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema')?.since, '1.29');
  });

  it('are told apart by kind, group and version', () => {
    assert.equal(removedApi('batch/v2alpha1 CronJob')?.removedIn, '1.21');
    assert.equal(removedApi('extensions/v1beta1 Ingress')?.removedIn, '1.22');
    assert.equal(removedApi('extensions/v1beta1 Deployment')?.removedIn, '1.16');
    assert.equal(removedApi('batch/v1 CronJob'), undefined);
    assert.equal(removedApi('constructor'), undefined);
  });
});

function apiOf(api: string) {
  const removed = removedApi(api);
  assert.ok(removed, api);
  return removed;
}

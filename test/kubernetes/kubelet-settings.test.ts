import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import { kindsOfKubelets, kubeletSettings } from '../../src/kubernetes/kubelet-settings.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';

const settingsOf = (object: KubeObject) => [...kubeletSettings(object, kindOf(object))];
const nested = (path: string, value: unknown) =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;

const TEXT = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 42\n';

describe('settings of kubelets', () => {
  const places: [apiVersion: string, kind: string, path: string][] = [
    ['karpenter.k8s.aws/v1', 'EC2NodeClass', 'spec.kubelet'],
    ['karpenter.sh/v1beta1', 'NodePool', 'spec.template.spec.kubelet'],
    ['machineconfiguration.openshift.io/v1', 'KubeletConfig', 'spec.kubeletConfig'],
  ];
  for (const [apiVersion, kind, path] of places) {
    it(`are read from a ${kind}, as a part of them`, () => {
      const [settings, ...others] = settingsOf({ apiVersion, kind, ...nested(path, { maxPods: 42 }) });
      assert.equal(settings?.values.maxPods, 42);
      assert.deepEqual([settings.whole, settings.replaces, others.length], [false, false, 0]);
      assert.deepEqual(settings.pathOf('evictionHard', 'memory.available'), [
        ...path.split('.'),
        'evictionHard',
        'memory.available',
      ]);
    });
  }

  const specs: [apiVersion: string, kind: string, path: string][] = [
    ['controlplane.cluster.x-k8s.io/v1beta2', 'KubeadmControlPlane', 'spec.kubeadmConfigSpec'],
    [
      'controlplane.cluster.x-k8s.io/v1beta2',
      'KubeadmControlPlaneTemplate',
      'spec.template.spec.kubeadmConfigSpec',
    ],
    ['bootstrap.cluster.x-k8s.io/v1beta1', 'KubeadmConfig', 'spec'],
    ['bootstrap.cluster.x-k8s.io/v1beta1', 'KubeadmConfigTemplate', 'spec.template.spec'],
  ];
  for (const [apiVersion, kind, path] of specs) {
    it(`are read from the flags and files of a ${kind}`, () => {
      const registration = (qps: string) => ({
        nodeRegistration: { kubeletExtraArgs: { 'kube-api-qps': qps } },
      });
      const spec = {
        initConfiguration: registration('10'),
        joinConfiguration: registration('20'),
        files: [
          { path: '/etc/kubernetes/patches/kubeletconfiguration+merge.yaml', content: TEXT },
          { path: '/var/lib/kubelet/config.yaml', content: TEXT },
          { path: '/etc/motd', content: 'KubeletConfiguration lies in /var/lib/kubelet' },
        ],
      };
      const found = settingsOf({ apiVersion, kind, ...nested(path, spec) });
      assert.deepEqual(
        found.map(({ values, whole }) => [values.kubeAPIQPS ?? values.maxPods, whole]),
        [
          [10, false],
          [20, false],
          [42, false],
          [42, true],
        ],
      );
      assert.deepEqual(found.at(-1)?.pathOf('maxPods'), [
        ...path.split('.'),
        'files',
        1,
        'content',
        'maxPods',
      ]);
    });
  }

  it('are read from every document of a text, JSON too', () => {
    const data = {
      kubelet: `kind: ClusterConfiguration\n---\n${TEXT}`,
      json: '{"kind": "KubeletConfiguration", "maxPods": 7}',
      other: 'kind: Pod',
    };
    const found = settingsOf({ apiVersion: 'v1', kind: 'ConfigMap', data });
    assert.deepEqual(
      found.map(({ values }) => values.maxPods),
      [42, 7],
    );
    assert.deepEqual(found[0]?.written('maxPods', 110), {
      lines: 'in the text of kubelet:\nmaxPods: 110',
      edits: [],
    });
  });

  it('are the last of flags that are given twice, by the names that the configuration has for them', () => {
    const kubeletExtraArgs = [
      { name: 'eviction-hard', value: 'memory.available<1Gi' },
      { name: 'eviction-hard', value: 'nodefs.available<10%, imagefs.available<5%' },
      { name: 'kube-reserved', value: 'memory=1Gi,cpu=100m' },
      { name: 'cluster-dns', value: '10.96.0.10,10.96.0.11' },
      { name: 'node-ip' },
      'pod-max-pids=4',
    ];
    const [settings] = settingsOf({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'JoinConfiguration',
      nodeRegistration: { kubeletExtraArgs },
    });
    assert.deepEqual(settings?.values, {
      evictionHard: { 'nodefs.available': '10%', 'imagefs.available': '5%' },
      kubeReserved: { memory: '1Gi', cpu: '100m' },
      clusterDNS: ['10.96.0.10', '10.96.0.11'],
    });
    assert.equal(settings.nameOf('evictionHard'), 'eviction-hard');
    const path = ['nodeRegistration', 'kubeletExtraArgs', 1, 'value'];
    assert.deepEqual(settings.written('evictionHard', '100Mi', 'memory.available').edits, [
      { op: 'set', path, value: 'nodefs.available<10%,imagefs.available<5%,memory.available<100Mi' },
    ]);
  });

  it('are looked for in any object', () => {
    const values = fc.jsonValue({ maxDepth: 8 });
    fc.assert(
      fc.property(
        fc.constantFrom(...kindsOfKubelets),
        fc.dictionary(fc.constantFrom('spec', 'data', 'nodeRegistration'), values),
        (kind, object) => {
          for (const { values } of kubeletSettings(object, kind)) assert.ok(values);
        },
      ),
    );
  });
});

import assert from 'node:assert/strict';
import { passed } from '../outcome.ts';
import {
  ADDRESS,
  ASKED_IP,
  apiServerAddress,
  claim,
  disk,
  EXTERNAL_IP,
  makeNode,
  OF_A_NODE,
  SSH,
  service,
  storageClass,
} from './props.ts';
import type { Replay } from './replay.ts';

export const surroundings: readonly Replay[] = [
  {
    lesson: 'L69',
    rule: 'volume-bound-before-scheduled',
    told: 'warn',
    story: 'a claim is bound to a disk in some zone before there is a Pod',
    deed: (stage, ...how) => stage.apply(storageClass(stage, 'Immediate'), ...how),
    harm: async stage => {
      await stage.applied(disk(stage), claim(stage));
      await stage.becomes('pvc/orders', '.status.phase', 'Bound');
    },
    mended: stage => stage.apply(storageClass(stage, 'WaitForFirstConsumer')),
    spared: async stage => {
      await stage.applied(disk(stage), claim(stage));
      const waits = '.items[?(@.involvedObject.name=="orders")].reason';
      await stage.becomes('events', waits, 'WaitForFirstConsumer');
      assert.equal(await stage.value('pvc/orders', '.status.phase'), 'Pending');
    },
  },
  {
    lesson: 'L74',
    rule: 'external-ips',
    told: 'warn',
    story: 'a Service takes the address of another, and Kubernetes does not ask',
    before: stage => stage.applied(service('first', { externalIPs: [ADDRESS] })),
    deed: (stage, ...how) => stage.apply(service('second', { externalIPs: [ADDRESS] }), ...how),
    harm: async stage => {
      const addresses = await stage.value('services', '.items[*].spec.externalIPs[0]');
      assert.equal(addresses, `${ADDRESS} ${ADDRESS}`);
    },
    mended: stage => stage.apply(service('second', { type: 'LoadBalancer' })),
    spared: async stage => assert.equal(await stage.value('service/second', '.spec.externalIPs'), ''),
  },
  {
    lesson: 'L74',
    rule: 'external-ips',
    told: 'deny',
    story: 'a Service takes the port by which a Node is reached, and Kubernetes does not ask',
    before: stage => makeNode(stage, OF_A_NODE),
    deed: (stage, ...how) => stage.apply(service('shell', { ...SSH, externalIPs: [OF_A_NODE] }), ...how),
    harm: async stage => assert.equal(await stage.value('service/shell', EXTERNAL_IP), OF_A_NODE),
    mended: stage => stage.apply(service('shell', { ...SSH, type: 'LoadBalancer' })),
    spared: async stage => assert.equal(await stage.value('service/shell', EXTERNAL_IP), ''),
  },
  {
    lesson: 'L75',
    rule: 'lb-port-conflict',
    told: 'deny',
    story: 'a load balancer is to take the address of the API server, and Kubernetes does not ask',
    deed: async (stage, ...how) => {
      const loadBalancerIP = await apiServerAddress(stage);
      return stage.apply(service('shop', { type: 'LoadBalancer', loadBalancerIP }), ...how);
    },
    harm: async stage =>
      assert.equal(await stage.value('service/shop', ASKED_IP), await apiServerAddress(stage)),
    mended: stage => stage.apply(service('shop', { type: 'LoadBalancer' })),
    spared: async stage => assert.equal(await stage.value('service/shop', ASKED_IP), ''),
  },
  {
    lesson: 'L76',
    rule: 'nodeport-external-config',
    told: 'note',
    story: 'a Service that is made again gets another node port, and its old one leads elsewhere',
    deed: (stage, ...how) => stage.apply(service('shop', { type: 'NodePort' }), ...how),
    harm: async stage => {
      const nodePort = Number(await stage.value('service/shop', '.spec.ports[0].nodePort'));
      passed(await stage.kubectl('delete', 'service/shop'));
      await stage.applied(service('other', { type: 'NodePort', ports: [{ port: 443, nodePort }] }));
      await stage.applied(service('shop', { type: 'NodePort' }));
      assert.notEqual(await stage.value('service/shop', '.spec.ports[0].nodePort'), String(nodePort));
    },
    mended: stage => stage.apply(service('shop', { type: 'ClusterIP' })),
    spared: async stage => assert.equal(await stage.value('service/shop', '.spec.ports[0].nodePort'), ''),
  },
];

import assert from 'node:assert/strict';
import { ndotsOf, outsideHost } from '../../src/kubernetes/dns.ts';

describe('DNS of a pod', () => {
  const ndots = (spec: object) =>
    ndotsOf({ path: [], metadata: undefined, spec: { containers: [], ...spec }, containers: [] });

  it('has ndots 5 where the cluster is asked, and another where that is written', () => {
    assert.equal(ndots({}), 5);
    assert.equal(ndots({ dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true }), 5);
    assert.equal(ndots({ dnsConfig: { options: [{ name: 'ndots', value: '3' }] } }), 3);
  });

  it('is not the cluster in the network of the node, or by policy', () => {
    for (const spec of [{ hostNetwork: true }, { dnsPolicy: 'Default' }, { dnsPolicy: 'None' }])
      assert.equal(ndots(spec), undefined);
  });

  it('is asked for hosts outside the cluster that a URL names', () => {
    const host = (value: string) => outsideHost({ name: 'web', env: [{ name: 'A', value }] });
    assert.equal(host('postgres://me:secret@db.example.com:5432/x'), 'db.example.com');
    assert.equal(host('see https://example.org'), 'example.org');
    for (const inside of [
      'http://web',
      'http://web.shop',
      'redis://redis.db',
      'http://web.shop.svc.cluster.local',
      'http://10.0.0.1',
      'api.example.com.',
    ])
      assert.equal(host(inside), undefined, inside);
  });
});

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { pod, reviewOf, startToyServer, type ToyServer } from './toy.ts';

describe('the ops server', () => {
  let server: ToyServer;
  const sights = new Map<string, boolean>();
  before(async () => {
    server = await startToyServer({ sights: () => sights });
  });
  after(() => server.stop());

  async function sampleOf(metric: string): Promise<number> {
    const line = (await server.metrics()).split('\n').find(line => line.startsWith(`${metric} `));
    return Number(line?.slice(metric.length));
  }

  it('says that it lives and is ready', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const response = await fetch(server.opsUrl + path);
      assert.equal(response.status, 200);
      assert.equal(await response.text(), 'ok\n');
    }
  });

  it('judges nothing', async () => {
    const response = await fetch(`${server.opsUrl}/validate/enforce`, { method: 'POST', body: '{}' });
    assert.equal(response.status, 404);
    assert.equal((await fetch(`${server.opsUrl}/healthz`, { method: 'POST' })).status, 404);
  });

  it('counts requests, findings and what was undecided', async () => {
    const red = pod({ labels: { colour: 'red' } });
    await server.ask('enforce', reviewOf(red));
    await server.ask('enforce', reviewOf(red));
    await server.ask('warn', reviewOf(red));
    await server.ask('audit', reviewOf(red));
    await server.ask('warn', reviewOf(pod({ labels: { breaks: 'yes' } })));
    await server.ask('enforce', reviewOf(red, null, { namespace: 'kube-system' }));
    await server.send('/validate/enforce', 'not JSON');

    const counts = {
      'requests_total{mode="enforce",operation="CREATE",kind="Pod",verdict="denied"}': 2,
      'requests_total{mode="warn",operation="CREATE",kind="Pod",verdict="allowed"}': 2,
      'requests_total{mode="enforce",operation="other",kind="other",verdict="passed"}': 1,
      'requests_total{mode="enforce",operation="other",kind="other",verdict="unreadable"}': 1,
      'findings_total{rule="painted-red",severity="deny",action="refused"}': 2,
      'findings_total{rule="painted-red",severity="deny",action="warned"}': 1,
      'findings_total{rule="painted-red",severity="deny",action="noted"}': 1,
      'undecided_total{rule="breaks",reason="failed"}': 1,
      request_duration_seconds_count: 6,
    };
    for (const [metric, count] of Object.entries(counts)) {
      assert.equal(await sampleOf(`premortem_${metric}`), count, metric);
    }
  });

  it('names no kind that it does not know', async () => {
    const gadget = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: {} };
    await server.ask('enforce', reviewOf(gadget));
    assert.match(await server.metrics(), /operation="CREATE",kind="other",verdict="allowed"/);
    assert.doesNotMatch(await server.metrics(), /Gadget/);
  });

  it('tells which kinds are in sight', async () => {
    sights.set('Node', true).set('Service', false);
    const metrics = await server.metrics();
    assert.match(metrics, /premortem_kind_in_sight\{kind="Node"\} 1/);
    assert.match(metrics, /premortem_kind_in_sight\{kind="Service"\} 0/);
  });

  it('tells when the certificate expires', async () => {
    const expiry = new X509Certificate(server.certificate.cert).validToDate;
    const seconds = await sampleOf('premortem_certificate_expiry_timestamp_seconds');
    assert.equal(seconds, expiry.getTime() / 1000);
  });
});

import assert from 'node:assert/strict';
import { admissionReview } from '../../demo/admission-request.ts';
import { type Rollout, storedRelease } from '../../demo/stored-release.ts';
import { type Intake, readAdmissionReview } from '../../src/intake/admission-review.ts';
import { readObjects } from '../../src/intake/files.ts';
import { kindOf, podKinds } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { type Configuration, defaultConfiguration } from '../../src/model/configuration.ts';
import type { Rule } from '../../src/model/rule.ts';
import { known, unknown } from '../../src/model/subject.ts';
import type { Mode } from '../../src/model/verdict.ts';
import type { World } from '../../src/model/world.ts';
import { emptyWorld } from '../../src/model/world.ts';
import { denial } from '../../src/report/denial.ts';
import { warningLines } from '../../src/report/warnings.ts';
import { rules } from '../../src/rules/index.ts';
import { auditAnnotations } from '../../src/webhook/audit-annotations.ts';
import { releaseOutcome } from '../../src/webhook/release-outcome.ts';
import { bundle } from '../../src/world/bundle.ts';
import type { LiveObjects } from '../../src/world/live-objects.ts';

function deployment(name: string, namespace: string, { image = 'web:1', memory = '' } = {}): KubeObject {
  const resources = memory === '' ? {} : { requests: { memory }, limits: { memory } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { template: { spec: { containers: [{ name, image, resources }] } } },
  };
}

function namespace(name: string, mode?: Mode, annotations: Record<string, string> = {}): KubeObject {
  const labels = mode ? { 'premortem.dev/mode': mode } : {};
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } };
}

const bad = deployment('web', 'shop');
const good = deployment('web', 'shop', { memory: '64Mi' });

/** A cluster with these objects, of which some belong to the release. */
function cluster(objects: readonly KubeObject[], owned: readonly KubeObject[] = []): World {
  const bundled = (them: readonly KubeObject[]) =>
    them.flatMap(object => readObjects({ file: 'cluster', text: JSON.stringify(object) }).objects);
  return bundle(bundled(objects), bundled(owned));
}

/** What an API server shows of live objects; of other kinds than these two nothing. */
function showing(...objects: KubeObject[]): LiveObjects & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async get(kind, namespace, name) {
      asked.push(`${kind.name} ${namespace}/${name}`);
      if (kind.name !== 'Deployment' && kind.name !== 'PersistentVolumeClaim')
        return unknown('this kind is not looked up');
      const found = objects.find(object => kindOf(object) === kind && object.metadata?.name === name);
      return known(found);
    },
  };
}

interface Setting {
  world?: World;
  live?: LiveObjects | undefined;
  storedIn?: string;
  rollout?: Partial<Rollout>;
  route?: Mode | 'by-label';
  ruled?: readonly Rule[];
  configuration?: Configuration;
}

async function outcome(objects: readonly KubeObject[], setting: Setting = {}) {
  const {
    world = cluster([namespace('shop', 'enforce')]),
    live,
    storedIn = 'shop',
    route = 'by-label',
    ruled = rules,
    configuration = defaultConfiguration,
  } = setting;
  const manifest = objects.map(object => `---\n${JSON.stringify(object)}\n`).join('');
  const rollout = { name: 'web', namespace: storedIn, revision: 1, manifest, ...setting.rollout };
  const stored = storedRelease(rollout);
  const object = { ...stored, metadata: { ...stored.metadata, namespace: storedIn } };
  const review = admissionReview({ operation: 'CREATE', object });
  const intake = readAdmissionReview(review) as Extract<Intake, { release: unknown }>;
  assert.ok(intake.ok && 'release' in intake);
  const settings = { rules: ruled, world, today: '2026-11-21', configuration };
  const judged = await releaseOutcome(route, intake, {
    settings,
    live,
    intake: { ownNamespace: 'premortem' },
  });
  if (judged.result === 'passed')
    return { ...judged, allowed: true, mode: undefined, refused: [], warned: [] };
  const { verdict, review: reviewed, mode } = judged;
  return {
    result: judged.result,
    mode,
    allowed: verdict.allowed,
    refused: verdict.refusals.map(({ rule, object }) => `${rule.id} ${object.namespace}/${object.name}`),
    warned: warningLines(reviewed, verdict),
    message: verdict.allowed ? '' : denial(reviewed, verdict),
    annotations: auditAnnotations(reviewed),
  };
}

describe('the verdict on a Helm release', () => {
  it('is one for all of it: one bad object among ten refuses the release', async () => {
    const others = Array.from({ length: 9 }, (_, index) =>
      deployment(`good-${index}`, 'shop', { memory: '1Gi' }),
    );
    const { refused, message } = await outcome([...others, bad]);
    assert.deepEqual(refused, ['memory-request-missing shop/web']);
    assert.match(
      message ?? '',
      /^Release shop\/web: 1 fault that has caused outages: memory-request-missing\n/,
    );
    assert.match(message ?? '', /^memory-request-missing: Deployment shop\/web: container "web"/m);
    assert.equal((await outcome(others)).allowed, true);
  });

  it('names every object at fault, however many there are, within 4 KB', async () => {
    const many = Array.from({ length: 60 }, (_, index) => deployment(`web-${index}`, 'shop'));
    const { message = '', refused } = await outcome(many);
    assert.equal(refused.length, 60);
    assert.ok(Buffer.byteLength(message) <= 4096, `${Buffer.byteLength(message)}`);
    assert.match(message, /also {3}55 more, in Deployment shop\/web-\d+, .* and 45 more objects/s);
  });

  it('counts what the release brings itself: its own LimitRange gives a request', async () => {
    const limits = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'defaults', namespace: 'shop' },
      spec: {
        limits: [{ type: 'Container', defaultRequest: { memory: '64Mi' }, default: { memory: '64Mi' } }],
      },
    };
    assert.equal((await outcome([bad, limits])).allowed, true);
    assert.equal(
      (await outcome([bad, { ...limits, metadata: { name: 'defaults', namespace: 'till' } }])).allowed,
      false,
    );
  });

  describe('where a rule fails and that refuses', () => {
    const fails = rules.filter(({ kinds }) => kinds === podKinds).slice(0, 1);
    const ruled = fails.map(one => ({
      ...one,
      check: () => {
        throw new TypeError();
      },
    }));
    const configuration = { ...defaultConfiguration, onError: 'deny' } as const;

    it('names the rule once, however many objects it failed on', async () => {
      const many = Array.from({ length: 500 }, (_, index) => deployment(`web-${index}`, 'shop'));
      const { message = '' } = await outcome(many, { ruled, configuration });
      const id = fails[0]?.id;
      assert.match(message, new RegExp(`^Release shop/web: could not be checked: ${id}\n`));
      assert.match(
        message,
        /: Deployment shop\/web-0: the rule itself failed with TypeError, and on 499\n +more$/m,
      );
      assert.ok(Buffer.byteLength(message) <= 4096);
    });

    it('refuses only where the namespace of the object enforces', async () => {
      const world = cluster([namespace('ci', 'warn'), namespace('shop', 'enforce'), namespace('lab')]);
      const limits = {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'limits', namespace: 'shop' },
      };
      const allowed = async (failing: KubeObject) =>
        (await outcome([failing, limits], { world, storedIn: 'ci', ruled, configuration })).allowed;
      assert.equal(await allowed(deployment('web', 'lab')), true);
      assert.equal(await allowed(deployment('web', 'shop')), false);
    });
  });

  describe('is in the mode', () => {
    it('of the namespace that the release is in', async () => {
      const modes = async (mode?: Mode) =>
        (await outcome([bad], { world: cluster([namespace('shop', mode)]) })).mode;
      assert.deepEqual(
        [await modes('enforce'), await modes('warn'), await modes('audit'), await modes()],
        ['enforce', 'warn', 'audit', undefined],
      );
    });

    it('of the namespace that an object goes to, where that is stricter', async () => {
      const world = cluster([namespace('ci'), namespace('shop', 'enforce'), namespace('lab')]);
      const { refused } = await outcome([bad, deployment('trial', 'lab')], { world, storedIn: 'ci' });
      assert.deepEqual(refused, ['memory-request-missing shop/web']);
    });

    it('of its own namespace for what goes to another that has not opted in', async () => {
      const world = cluster([namespace('shop', 'enforce'), namespace('lab')]);
      const { refused } = await outcome([deployment('trial', 'lab')], { world });
      assert.deepEqual(refused, ['memory-request-missing lab/trial']);
    });

    it('of a Namespace that it brings itself', async () => {
      const { refused } = await outcome([namespace('shop', 'enforce'), bad], {
        world: cluster([namespace('ci')]),
        storedIn: 'ci',
      });
      assert.deepEqual(refused, ['memory-request-missing shop/web']);
    });

    it('of the namespace that it is stored in, where that is another than its own', async () => {
      const world = cluster([namespace('flux', 'enforce'), namespace('shop')]);
      const { mode } = await outcome([bad], { world, storedIn: 'flux', rollout: { namespace: 'shop' } });
      assert.equal(mode, 'enforce');
    });

    it('of no namespace that belongs to the cluster or to premortem: what goes there is not looked at', async () => {
      for (const home of ['kube-system', 'premortem'])
        assert.equal((await outcome([deployment('agent', home)])).allowed, true, home);
    });

    it('that no mode is: nobody has opted in, and it passes unjudged', async () => {
      const passed = await outcome([bad], { world: cluster([namespace('shop')]) });
      assert.equal(passed.result, 'passed');
    });
  });

  describe('on what it drops', () => {
    const upgrade = { rollout: { revision: 2 } };
    const dropped = (mode?: Mode, annotations = {}) => namespace('shop', mode, annotations);

    it('takes the mode of the Namespace that would go, where that is stricter', async () => {
      const world = cluster([namespace('ci'), dropped('enforce')], [dropped('enforce')]);
      const { refused, message, mode } = await outcome([], { world, storedIn: 'ci', ...upgrade });
      assert.deepEqual([mode, refused], ['enforce', ['release-drops-namespace ci/web']]);
      assert.match(
        message ?? '',
        /^ +kubectl annotate --overwrite namespace shop helm\.sh\/resource-policy=keep$/m,
      );
    });

    it('says so too where only a Namespace that may go has opted in', async () => {
      const world = cluster([namespace('ci'), dropped('enforce')], [dropped('enforce')]);
      const rollout = { revision: 2, manifest: 'kind: [\n' };
      const { allowed, warned } = await outcome([], { world, storedIn: 'ci', rollout });
      assert.equal(allowed, true);
      assert.match(
        warned.join('\n'),
        /^Release ci\/web: premortem could not check release-drops-namespace, /,
      );
    });

    it('tells what to do however long the names are', async () => {
      const going = Array.from({ length: 8 }, (_, index) => namespace('n'.repeat(62) + index, 'enforce'));
      const { message = '', refused } = await outcome([], {
        world: cluster([namespace('shop'), ...going], going),
        ...upgrade,
      });
      assert.equal(refused.length, 8);
      assert.ok(Buffer.byteLength(message) <= 4096);
      assert.match(message, /^ {2}fix {4}put the Namespace back into the chart/m);
    });

    it('only warns where the strictest mode is warn', async () => {
      const world = cluster([namespace('ci', 'audit'), dropped('warn')], [dropped('warn')]);
      const { allowed, warned } = await outcome([], { world, storedIn: 'ci', ...upgrade });
      assert.equal(allowed, true);
      assert.match(warned.join('\n'), /^Release ci\/web: would be refused: .*\[release-drops-namespace\]$/);
    });

    it('says nothing of an install, which drops nothing', async () => {
      const world = cluster([namespace('ci', 'enforce'), dropped('enforce')], [dropped('enforce')]);
      assert.equal((await outcome([], { world, storedIn: 'ci' })).allowed, true);
    });

    it('is undecided, and says so, while the cluster is out of sight', async () => {
      const { allowed, warned, annotations } = await outcome([bad], { world: emptyWorld, ...upgrade });
      assert.equal(allowed, true);
      assert.match(
        warned.join('\n'),
        /^Release shop\/web: premortem could not check release-drops-namespace, /,
      );
      assert.match(annotations?.undecided ?? '', /unknown\/release-drops-namespace/);
    });

    it('is undecided, and says so, when a part of the manifest cannot be read', async () => {
      const manifest = 'kind: [\n';
      const { allowed, warned } = await outcome([], { rollout: { revision: 2, manifest } });
      assert.equal(allowed, true);
      assert.match(
        warned.join('\n'),
        /could not check release-drops-namespace, .*: line \d of the release's manifest/,
      );
    });
  });

  describe('in an upgrade', () => {
    const upgrade = { rollout: { revision: 2 } };

    it('lets an old fault pass: what runs with it can be given another image', async () => {
      const live = showing(bad);
      const { allowed, warned } = await outcome([deployment('web', 'shop', { image: 'web:2' })], {
        live,
        ...upgrade,
      });
      assert.equal(allowed, true);
      assert.match(warned.join('\n'), /no memory request \(was there before\) \[memory-request-missing\]/);
      assert.deepEqual(live.asked, ['Deployment shop/web']);
    });

    it('refuses the fault that it brings', async () => {
      assert.deepEqual((await outcome([bad], { live: showing(good), ...upgrade })).refused.length, 1);
      assert.deepEqual(
        (await outcome([bad], { live: showing(), ...upgrade })).refused.length,
        1,
        'a new object',
      );
    });

    it('refuses no hook that is not there at the moment: it may have been deleted after its last run', async () => {
      const annotations = { 'helm.sh/hook': 'pre-upgrade', 'helm.sh/hook-delete-policy': 'hook-succeeded' };
      const metadata = { name: 'scratch', namespace: 'shop', annotations };
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata };
      assert.equal((await outcome([claim], { live: showing(), ...upgrade })).allowed, true);
      assert.equal((await outcome([claim], { live: showing() })).allowed, false, 'an install');
    });

    it('asks for nothing while there is nothing to refuse', async () => {
      const live = showing(good);
      await outcome([good], { live, ...upgrade });
      assert.deepEqual(live.asked, []);
    });

    it('refuses nothing that may have been there, when the API server does not tell', async () => {
      const { allowed, warned } = await outcome([bad], { ...upgrade });
      assert.equal(allowed, true);
      assert.match(warned.join('\n'), /\[memory-request-missing\]/);
      const misplaced = { ...good, replicas: 3 };
      assert.equal((await outcome([misplaced], { live: showing(good), ...upgrade })).allowed, true);
      assert.equal(
        (await outcome([misplaced], { live: showing(), ...upgrade })).allowed,
        false,
        'a new object',
      );
    });

    it('refuses a new hook that would delete a Namespace that is there, and not an old one', async () => {
      const hook = { 'helm.sh/hook': 'pre-upgrade' };
      const till = namespace('till', 'enforce', hook);
      const refused = async (...live: KubeObject[]) =>
        (await outcome([till], { world: cluster([namespace('shop', 'enforce'), ...live]), ...upgrade }))
          .refused;
      assert.deepEqual(await refused(namespace('till', 'enforce')), [
        'release-hook-recreates-namespace null/till',
      ]);
      assert.deepEqual(await refused(till), []);
      assert.deepEqual(await refused(), [], 'it may have been deleted after the last run');
    });

    it('takes all of an install for new when there is nobody to ask', async () => {
      assert.equal((await outcome([bad])).allowed, false);
    });
  });

  it('honours waivers, on the object and on what would go', async () => {
    const waiver = { 'waive.premortem.dev/memory-request-missing': 'the vendor takes no resources' };
    const waived = { ...bad, metadata: { ...bad.metadata, annotations: waiver } };
    assert.equal((await outcome([waived])).allowed, true);
    const going = namespace('shop', 'enforce', {
      'waive.premortem.dev/release-drops-namespace': 'moved away',
    });
    const world = cluster([going], [going]);
    assert.equal((await outcome([], { world, rollout: { revision: 2 } })).allowed, true);
  });
});

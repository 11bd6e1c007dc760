import assert from 'node:assert/strict';
import { decide } from '../../../src/engine/decide.ts';
import { readObjects } from '../../../src/intake/files.ts';
import { kindOf } from '../../../src/kubernetes/kinds.ts';
import { denial } from '../../../src/report/denial.ts';
import { warningLines } from '../../../src/report/warnings.ts';
import { allCases, type Case, reviewCase } from '../../cases.ts';
import type { ControlPlane } from '../control-plane.ts';
import { guarded } from '../namespaces.ts';
import { isRefused, refusalOf, warningsIn } from '../outcome.ts';

/** What somebody is told who applies a manifest: the first line of the refusal, if there is one, and the warnings. */
interface Told {
  refusal: string;
  warnings: string[];
}

/**
 * The cases are judged as files elsewhere. Here the API server has had them before: it has dropped fields, set
 * defaults, and handed on what was written in another order.
 */
export function parity(cluster: ControlPlane): void {
  describe('a manifest', () => {
    it('meets the same verdict by kubectl apply and by premortem check, in every case of every rule', async function () {
      this.timeout(120_000);
      const cases = allCases().filter(isOneToCreate);
      for (const name of new Set(cases.map(namespaceOf))) await guarded(cluster, name, 'enforce');
      const applied: string[] = [];
      for (const one of cases) {
        const told = await toldByApply(cluster, one);
        if (!told) continue;
        applied.push(one.file);
        assert.deepEqual(told, toldByCheck(one), one.file);
      }
      assert.ok(applied.length > cases.length / 2, `Kubernetes accepts only ${applied.join(', ')}`);
    });
  });
}

/** Kubernetes has warnings of its own. */
function isOurs(warning: string): boolean {
  return /\[[a-z0-9-]+\]$/.test(warning);
}

/** Undefined when Kubernetes itself does not accept the manifest. */
async function toldByApply(cluster: ControlPlane, { text }: Case): Promise<Told | undefined> {
  const dryRun = ['apply', '--validate=ignore', '--dry-run=server', '-f', '-'];
  const ran = await cluster.kubectl(dryRun, { stdin: text });
  if (ran.code !== 0 && !isRefused(ran)) return undefined;
  return {
    refusal: ran.code === 0 ? '' : refusalOf(ran).head,
    warnings: warningsIn(ran).filter(isOurs).sort(),
  };
}

function toldByCheck(one: Case): Told {
  const [review] = reviewCase(one);
  assert.ok(review);
  const verdict = decide(review, 'enforce');
  const [head = ''] = verdict.allowed ? [] : denial(review, verdict).split('\n');
  return { refusal: head, warnings: warningLines(review, verdict).sort() };
}

/**
 * A single object, in a namespace that premortem looks at. Cases that tell what else exists are left out: it would
 * exist for the others too.
 */
function isOneToCreate({ operation, oldObject, cluster, ...file }: Case): boolean {
  const objects = readObjects(file).objects.map(({ object }) => object);
  const [object] = objects;
  if (!object || objects.length > 1 || oldObject || cluster.length > 0) return false;
  const namespace = object.metadata?.namespace;
  return operation === 'CREATE' && kindOf(object)?.scope === 'Namespaced' && namespace !== 'kube-system';
}

function namespaceOf(file: Case): string {
  return readObjects(file).objects[0]?.object.metadata?.namespace ?? 'default';
}

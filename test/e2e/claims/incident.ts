import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES } from '../../cases.ts';
import type { Ran } from '../command.ts';
import type { ControlPlane } from '../control-plane.ts';
import { create, guard } from '../namespaces.ts';
import { passed, refusalOf, warningsOf } from '../outcome.ts';

const MANIFEST = join(CASES, 'field-misplaced/bad/zalando-innocent-cronjob.yaml');
const NAME = 'cronjob/foobar';
/** As clients do that leave the validation to the API server, such as Helm 3 and Argo CD. */
const UNCHECKED = '--validate=warn';

/** The manifest of the incident is for this namespace. */
const SHOP = 'shop';

export function incidentBefore(cluster: ControlPlane): void {
  describe('the innocent CronJob, without premortem', () => {
    it('is created, and the policy that its author wrote is lost', async () => {
      await create(cluster, SHOP);
      passed(await apply(cluster, SHOP));
      const policy = ['get', NAME, '-n', SHOP, '-o', 'jsonpath={.spec.concurrencyPolicy}'];
      assert.equal(passed(await cluster.kubectl(policy)), 'Allow');
      passed(await cluster.kubectl(['delete', NAME, '-n', SHOP]));
    });
  });
}

export function incident(cluster: ControlPlane): void {
  describe('the innocent CronJob', () => {
    before(async () => {
      await guard(cluster, SHOP, 'enforce');
      await create(cluster, 'shop-warn', 'warn');
      await create(cluster, 'shop-audit', 'audit');
      await create(cluster, 'shop-free');
    });

    it('is refused, with the reason, and nothing is created', async () => {
      const refusal = refusalOf(await apply(cluster, SHOP));
      assert.equal(refusal.webhook, 'enforce.premortem.dev');
      assert.equal(refusal.object, 'CronJob shop/foobar');
      assert.deepEqual(refusal.rules, ['field-misplaced', 'cronjob-runs-overlap']);
      assert.match(refusal.text, /^ {2}at {5}spec\.jobTemplate\.spec\.template\.spec\.concurrencyPolicy$/m);
      assert.match(refusal.text, /^ {2}story {2}Zalando 2019: /m);
      assert.match(refusal.text, /44 jobs a day, 220 a week/);
      assert.deepEqual(await cluster.list('cronjobs', SHOP), []);
    });

    it('is refused in a dry run that the server makes', async () => {
      const refusal = refusalOf(await apply(cluster, SHOP, '--dry-run=server'));
      assert.deepEqual(refusal.rules, ['field-misplaced', 'cronjob-runs-overlap']);
    });

    it('is refused by its effect where nothing tells any more what was written', async () => {
      for (const how of [['create'], ['replace', '--force']]) {
        const file = manifestFor(cluster, SHOP);
        const refusal = refusalOf(await cluster.kubectl([...how, '--validate=ignore', '-f', file]));
        assert.deepEqual(refusal.rules, ['cronjob-runs-overlap'], how.join(' '));
      }
    });

    it('passes in a namespace without the label', async () => {
      const ran = await apply(cluster, 'shop-free');
      assert.deepEqual(ownWarnings(ran), []);
      assert.equal((await cluster.list('cronjobs', 'shop-free')).length, 1);
    });

    it('passes with warnings in mode warn, the mode in which to begin', async () => {
      const warnings = ownWarnings(await apply(cluster, 'shop-warn'));
      assert.ok(
        warnings.some(line => /: would be refused: concurrencyPolicy .* \[field-misplaced\]$/.test(line)),
      );
      assert.ok(
        warnings.some(line => /: would be refused: schedule .* \[cronjob-runs-overlap\]$/.test(line)),
      );
      assert.ok(warnings.every(line => line.startsWith('CronJob shop-warn/foobar: ') && line.length <= 200));
      assert.equal((await cluster.list('cronjobs', 'shop-warn')).length, 1);
    });

    it('passes without a word in mode audit, and the audit log names the rules', async () => {
      assert.deepEqual(ownWarnings(await apply(cluster, 'shop-audit')), []);
      const findings = cluster.audited('cronjobs', 'shop-audit')['audit.premortem.dev/findings'];
      assert.match(findings ?? '', /deny\/field-misplaced/);
      assert.match(findings ?? '', /deny\/cronjob-runs-overlap/);
    });
  });
}

function apply(cluster: ControlPlane, namespace: string, ...args: string[]): Promise<Ran> {
  return cluster.kubectl(['apply', UNCHECKED, ...args, '-f', manifestFor(cluster, namespace)]);
}

function manifestFor(cluster: ControlPlane, namespace: string): string {
  const file = namespace === SHOP ? 'cronjob.yaml' : `cronjob-${namespace}.yaml`;
  const text = readFileSync(MANIFEST, 'utf8').replace('namespace: shop', `namespace: ${namespace}`);
  writeFileSync(join(cluster.folder, file), text);
  return file;
}

/** Without the API server's own: `unknown field "spec.jobTemplate.…"`. */
function ownWarnings(ran: Ran): string[] {
  return warningsOf(ran).filter(line => !line.startsWith('unknown field '));
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { premortem } from './command.ts';

const FAULTY = 'test/rules/memory-request-missing/bad/datadog-system-oom.yaml';
const WARNED = 'test/rules/cronjob-deadline-missing/bad/zalando-innocent-cronjob.yaml';

describe('--config', () => {
  let folder: string;
  let config: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'premortem-'));
    config = join(folder, 'premortem.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function configure(text: string): void {
    writeFileSync(config, `apiVersion: premortem.dev/v1\nkind: Configuration\n${text}`);
  }

  it('changes what check refuses', async () => {
    configure('rules:\n  memory-request-missing: off\n  cronjob-deadline-missing: deny\n');
    assert.equal((await premortem(['check', FAULTY])).code, 1);
    assert.equal((await premortem(['check', '--config', config, FAULTY])).code, 0);
    assert.equal((await premortem(['check', WARNED])).code, 0);
    const { code, stdout } = await premortem(['check', '--config', config, WARNED]);
    assert.equal(code, 1);
    assert.match(stdout, /^deny\[cronjob-deadline-missing\]/m);
  });

  it('is never found by itself', async () => {
    configure('rules:\n  memory-request-missing: off\n');
    assert.equal((await premortem(['check', folder, FAULTY])).code, 1);
    assert.match((await premortem(['check', '--help'])).stdout, /not\s+looked\s+for\s+unless\s+named/);
  });

  it('waives, and tells at the end which waivers have expired and which nothing needed', async () => {
    configure(`waivers:
  - { rule: memory-request-missing, reason: the chart is bought }
  - { rule: memory-request-missing, names: [gone], reason: the chart was bought }
  - { rule: field-unknown, reason: for a week, until: 2026-11-20 }
`);
    const { code, stdout } = await premortem(['check', '--config', config, FAULTY]);
    assert.equal(code, 0);
    assert.match(stdout, /^waived\[memory-request-missing\]: /m);
    const told = stdout.match(/^waiver.*$/gm)?.map(line => line.replace(config, 'premortem.yaml'));
    assert.deepEqual(told, [
      'waiver[memory-request-missing]: Configuration premortem.yaml:5:5: there is nothing to waive',
      'waiver[field-unknown]: Configuration premortem.yaml:6:5: its last day has passed',
    ]);
  });

  it('has custom kinds judged by the rules of pods', async () => {
    const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, namespace: shop }
spec: { template: { spec: { containers: [{ name: web, image: "web:1" }] } } }
`;
    assert.equal((await premortem(['check', '-'], rollout)).code, 0);
    configure(`podTemplates:
  - { group: argoproj.io, kind: Rollout, resource: rollouts, versions: [v1alpha1], path: spec.template }
`);
    const { code, stdout } = await premortem(['check', '--config', config, '-'], rollout);
    assert.equal(code, 1);
    assert.match(stdout, /^deny\[memory-request-missing\]: container "web" has no memory request$/m);
  });

  it('shows the severities that hold', async () => {
    configure('rules:\n  field-unknown: off\n  cronjob-too-frequent: deny\n');
    const { stdout } = await premortem(['rules', '--config', config]);
    assert.match(stdout, /^off {3}field-unknown /m);
    assert.match(stdout, /^deny {2}cronjob-too-frequent /m);
    const json = JSON.parse((await premortem(['rules', '-o', 'json', '--config', config])).stdout);
    assert.equal(json.find(({ id }: { id: string }) => id === 'field-unknown').severity, 'off');
  });

  for (const argv of [['check', FAULTY], ['rules']]) {
    it(`ends ${argv[0]} with 2 and every mistake when it cannot be used`, async () => {
      configure('rules:\n  no-such-rule: off\nwaivers: none\n');
      const { code, stdout, stderr } = await premortem([...argv, '--config', config]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.equal(
        stderr.replaceAll(config, 'premortem.yaml'),
        'error: premortem.yaml:4:3: there is no rule "no-such-rule"; `premortem rules` lists them all\n' +
          'error: premortem.yaml:5:10: waivers must be a list\n',
      );
    });
  }

  it('ends with 2 when there is no such file', async () => {
    const { code, stderr } = await premortem(['check', FAULTY, '--config', config]);
    assert.equal(code, 2);
    assert.match(stderr, /^error: .*premortem\.yaml: does not exist\n$/);
  });
});

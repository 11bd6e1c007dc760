import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import schema from '../../src/report/report.schema.json' with { type: 'json' };
import { premortem } from './command.ts';

const INCIDENT = 'test/rules/field-misplaced/bad/zalando-innocent-cronjob.yaml';
const MENDED = 'test/rules/field-misplaced/good/zalando-innocent-cronjob.yaml';
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

describe('premortem check', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'premortem-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string | Uint8Array): string {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }

  async function reported(argv: string[], stdin?: string) {
    const { stdout, code } = await premortem(['check', '-o', 'json', ...argv], stdin);
    const report = JSON.parse(stdout);
    assert.equal(validate(report), true, JSON.stringify(validate.errors));
    return { code, report };
  }

  it('ends with 1 and a frame for each fault of the incident', async () => {
    const { code, stdout, stderr } = await premortem(['check', INCIDENT]);
    assert.equal(code, 1);
    assert.equal(stderr, '');
    assert.match(stdout, /^deny\[field-misplaced\]: concurrencyPolicy stands in/);
    assert.match(
      stdout,
      / --> test\/rules\/.*zalando-innocent-cronjob\.yaml:15:11 {2}CronJob shop\/foobar\n/,
    );
    assert.match(stdout, /15 \| {11}concurrencyPolicy: Forbid\n +\| {11}\^{17}\n/);
    assert.match(stdout, /starts 44 jobs a day, 220 a week/);
    assert.match(stdout, /^ {3}\+ {3}concurrencyPolicy: Forbid$/m);
    assert.match(stdout, /1 file, 1 object: 4 deny, 1 warn, 1 note \(--show notes\)\n$/);
  });

  it('ends with 0 on the mended manifest', async () => {
    const { code, stdout } = await premortem(['check', MENDED]);
    assert.deepEqual([code, stdout], [0, '1 file, 1 object: 0 deny, 0 warn, 0 notes\n']);
  });

  it('reports as JSON that fits the published schema', async () => {
    const { code, report } = await reported([INCIDENT]);
    assert.equal(code, 1);
    assert.equal(report.findings[0].rule, 'field-misplaced');
    assert.deepEqual([report.findings[0].line, report.findings[0].column], [15, 11]);
    assert.equal(report.summary.deny, 4);
  });

  it('writes several reports at once, to stdout and to files', async () => {
    const out = join(folder, 'report.json');
    const { code, stdout } = await premortem(['check', '-o', 'text', '-o', `json=${out}`, INCIDENT]);
    assert.equal(code, 1);
    assert.match(stdout, /^deny\[/);
    assert.ok(validate(JSON.parse(readFileSync(out, 'utf8'))));
  });

  it('fails on what it is told to fail on', async () => {
    const warned = 'test/rules/cronjob-deadline-missing/bad/zalando-innocent-cronjob.yaml';
    assert.equal((await premortem(['check', warned])).code, 0);
    assert.equal((await premortem(['check', '--fail-on', 'warn', warned])).code, 1);
    assert.equal((await premortem(['check', '--fail-on', 'never', INCIDENT])).code, 0);
  });

  it('reads stdin, JSON, lists, several documents, folders and globs', async () => {
    const incident = readFileSync(INCIDENT, 'utf8');
    assert.equal((await reported(['-'], incident)).report.findings[0].file, '<stdin>');
    const item = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'a', image: 'a:1' }] },
    };
    const list = file(
      'list.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item, item] }, null, 2),
    );
    assert.equal((await reported([list])).report.summary.warn, 2);
    file('many.yaml', `${incident}\n---\n# nothing\n---\n${incident}`);
    file('notes.txt', incident);
    mkdirSync(join(folder, 'sub'));
    file('sub/one.yml', incident);
    assert.equal((await reported([folder])).report.summary.objects, 5);
    assert.equal((await reported([join(folder, '*.yaml')])).report.summary.objects, 2);
  });

  it('shows notes when it is asked to', async () => {
    const pod = file('pod.yaml', manifest('resources: { requests: { memory: 1Mi } }'));
    assert.match(
      (await premortem(['check', pod])).stdout,
      /^1 file, 1 object: 0 deny, 0 warn, 1 note \(--show notes\)\n$/,
    );
    assert.match(
      (await premortem(['check', '--show', 'notes', pod])).stdout,
      /^note\[memory-limit-missing\]/,
    );
  });

  it('writes the mechanical fixes into the files and keeps the rest of them', async () => {
    const path = file('cron.yaml', readFileSync(INCIDENT, 'utf8'));
    const { stderr } = await premortem(['check', '--fix', path]);
    assert.match(stderr, /^fixed .*cron\.yaml: field-misplaced, cronjob-runs-overlap\n$/);
    const fixed = readFileSync(path, 'utf8');
    assert.match(fixed, /^# The incident's manifest/);
    assert.match(fixed, /^ {2}concurrencyPolicy: Forbid$/m);
    assert.equal((await premortem(['check', path])).code, 0);
  });

  describe('of what helm template has rendered', () => {
    const rendered =
      '---\n# Source: shop/templates/ns.yaml\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';

    it('names the template of each object, and takes all of it for a release', async () => {
      const { report } = await reported(['-'], rendered);
      assert.deepEqual(
        report.findings.map(({ rule, line, template }: Record<string, unknown>) => ({
          rule,
          line,
          template,
        })),
        [{ rule: 'namespace-owned-by-release', line: 5, template: 'shop/templates/ns.yaml' }],
      );
      const { stdout } = await premortem(['check', '-'], rendered);
      assert.match(stdout, /--> <stdin>:5:1 {2}Release rendered chart {2}from shop\/templates\/ns\.yaml$/m);
    });

    it('takes no other files for a release', async () => {
      const { report } = await reported(['-'], rendered.replace('# Source: ', '# '));
      assert.deepEqual(report.findings, []);
    });
  });

  describe('between two revisions', () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: shop\n';

    it('refuses the one that drops a Namespace, and points at it in the old one', async () => {
      const old = file('old.yaml', `${settings}---\n${namespace}`);
      const { code, report } = await reported(['--before', old, file('new.yaml', settings)]);
      assert.equal(code, 1);
      assert.deepEqual(
        report.findings.map(({ rule, file, line }: Record<string, unknown>) => ({ rule, file, line })),
        [{ rule: 'release-drops-namespace', file: old, line: 10 }],
      );
    });

    it('passes when the Namespace stays, or is kept by its annotation', async () => {
      const now = file('new.yaml', settings);
      const old = file(
        'old.yaml',
        `${settings}---\n${namespace}  annotations:\n    helm.sh/resource-policy: keep\n`,
      );
      assert.equal((await premortem(['check', '--before', old, now])).code, 0);
      assert.equal(
        (await premortem(['check', '--before', old, file('same.yaml', `${namespace}---\n${settings}`)])).code,
        0,
      );
    });

    it('takes what stands last of an object that stands twice: the live one, put after what was rendered', async () => {
      const live = `${namespace}  annotations:\n    helm.sh/resource-policy: keep\n`;
      const old = file('old.yaml', `${namespace}---\n${settings}---\n${live}`);
      assert.equal((await premortem(['check', '--before', old, file('new.yaml', settings)])).code, 0);
    });

    it('does not take a hook for a part of the release', async () => {
      const hook = `${namespace}  annotations:\n    helm.sh/hook: pre-install\n`;
      const old = file('old.yaml', `${hook}---\n${settings}`);
      assert.equal((await premortem(['check', '--before', old, file('new.yaml', settings)])).code, 0);
    });

    it('counts only what the new revision brings', async () => {
      const incident = readFileSync(INCIDENT, 'utf8');
      const { code, report } = await reported([
        '--before',
        file('old.yaml', incident),
        file('new.yaml', incident),
      ]);
      assert.equal(code, 0);
      assert.equal(report.summary.deny, 0);
      assert.equal(report.findings[0].existing, 'yes');
    });
  });

  describe('with bad input ends with 2 and says where', () => {
    async function refused(argv: string[], stdin?: string): Promise<string> {
      const { code, stdout, stderr } = await premortem(['check', ...argv], stdin);
      assert.equal(code, 2);
      return stderr + stdout;
    }

    it('no path', async () => assert.match(await refused([]), /missing required argument 'path'/));
    it('an unknown option', async () =>
      assert.match(await refused(['--nope', '-']), /unknown option '--nope'/));
    it('an unknown format', async () =>
      assert.match(await refused(['-o', 'xml', '-']), /Allowed formats are text, json/));
    it('a path that does not exist', async () => {
      assert.match(await refused([join(folder, 'none.yaml')]), /^error: .*none\.yaml: does not exist$/m);
    });
    it('a glob that matches nothing', async () => {
      assert.match(await refused([join(folder, '*.yaml')]), /no file matches/);
    });
    it('a folder without manifests', async () =>
      assert.match(await refused([folder]), /holds no \.yaml, \.yml or \.json/));
    it('nothing at all on stdin', async () => assert.match(await refused(['-'], ''), /nothing to check/));
    it('YAML that is none, without hiding the documents beside it', async () => {
      const broken = readFileSync('test/cli/zalando-as-on-the-slide.yaml', 'utf8');
      const text = await refused([file('broken.yaml', `${manifest('')}---\n${broken}`)]);
      assert.match(text, /^error: .*broken\.yaml:\d+:\d+: /m);
      assert.match(text, /warn\[memory-request-missing\]/);
    });
    it('a Helm template', async () => {
      const template =
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n{{- if .Values.x }}\n{{- end }}\n';
      assert.match(
        await refused([file('template.yaml', template)]),
        /pipe `helm template` into `premortem check -`/,
      );
    });
    it('a Helm template that is YAML by chance', async () => {
      const template = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "{{ .Release.Name }}"\n';
      assert.match(
        await refused([file('template.yaml', template)]),
        /template\.yaml:1:1: this is a Helm template/,
      );
    });
    it('a list inside a list, and items that are no objects', async () => {
      const list = { apiVersion: 'v1', kind: 'List' };
      const items = [{ ...list, items: [] }, 1, null, { kind: 'Pod' }];
      const text = await refused([file('list.json', JSON.stringify({ ...list, items }))]);
      assert.match(text, /kubectl does not apply a list inside a list/);
      assert.equal(text.match(/an item of a list must be an object with apiVersion and kind/g)?.length, 3);
      assert.match(
        await refused([file('none.json', JSON.stringify({ ...list, items: null }))]),
        /items must be a list/,
      );
    });
    it('values of another form than the declared one', async () => {
      const text = await refused([
        file('form.yaml', manifest('').replace('spec:', 'spec:\n  hostPID: "yes"')),
      ]);
      assert.match(text, /form\.yaml:6:3: spec\.hostPID must be true or false/);
    });
    it('two reports to stdout', async () => {
      assert.match(await refused(['-o', 'json', '-o', 'text', INCIDENT]), /only one report can go to stdout/);
    });
    it('a report that cannot be written', async () => {
      assert.match(await refused(['-o', `json=${folder}/none/report.json`, INCIDENT]), /cannot be written/);
    });
    it('text that is not UTF-8', async () => {
      assert.match(
        await refused([file('latin1.yaml', Buffer.from([0x6b, 0x3a, 0x20, 0xe9]))]),
        /is not UTF-8 text/,
      );
    });
    it('a file of 50 MB', async () => {
      assert.match(
        await refused([file('huge.yaml', Buffer.alloc(50 * 1024 * 1024, 'a: b\n'))]),
        /larger than 32 MiB/,
      );
    });
    it('an alias bomb', async () => {
      const rows = Array.from(
        { length: 30 },
        (_, n) => `  a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`,
      );
      const bomb = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata:\n  a0: &a0 lol\n${rows.join('\n')}\n`;
      assert.match(await refused([file('bomb.yaml', bomb)]), /alias/);
    });
    it('a link that leads in a circle', async () => {
      symlinkSync(folder, join(folder, 'circle'));
      symlinkSync(join(folder, 'loop.yaml'), join(folder, 'loop.yaml'));
      assert.match(await refused([folder]), /holds no/);
    });
  });

  it('shows nothing of what a Secret holds', async () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringdata: { password: CANARY }\npasword: CANARY\n';
    const { code, stdout } = await premortem(['check', file('secret.yaml', secret)]);
    assert.equal(code, 1);
    assert.match(stdout, /^deny\[field-misplaced\]: stringdata in the top level must be written stringData/m);
    assert.doesNotMatch(stdout, /CANARY/);
  });

  it('shows the place in a line that is too long to show whole', async () => {
    const pods = Array.from({ length: 300 }, (_, n) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `pod-${n}` },
      spec: { containers: [{ name: 'c', Image: 'x' }] },
    }));
    const list = file('list.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }));
    const { stdout } = await premortem(['check', list]);
    assert.equal(stdout.match(/^deny\[field-misplaced\]/gm)?.length, 300);
    for (const line of stdout.split('\n')) assert.ok(line.length < 400, `${line.length} characters`);
    const [, source = '', caret = ''] = /^1 \| (.*)\n {2}\| (.*)$/m.exec(stdout) ?? [];
    assert.equal(source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1), '"Image"');
  });

  it('stands at every mistake of a file that has thousands', async () => {
    const { code, report } = await reported([file('bad.yaml', 'a: b: c\n---\n'.repeat(150_000))]);
    assert.equal(code, 2);
    assert.equal(report.summary.errors, 150_000);
  });

  it('reviews the other files when one cannot be read', async () => {
    const { code, report } = await reported([join(folder, 'none.yaml'), INCIDENT]);
    assert.equal(code, 2);
    assert.equal(report.summary.deny, 4);
    assert.equal(report.errors.length, 1);
  });
});

function manifest(containerLine: string): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:1
      ${containerLine}
`;
}

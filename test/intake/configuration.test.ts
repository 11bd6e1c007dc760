import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ConfigurationError, readConfiguration } from '../../src/intake/configuration.ts';
import { mistakesIn } from '../../src/intake/configuration-mistakes.ts';
import { readObjects } from '../../src/intake/files.ts';
import { parseYaml } from '../../src/kubernetes/yaml.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { rules } from '../../src/rules/index.ts';

const HEAD = 'apiVersion: premortem.dev/v1\nkind: Configuration\n';

function read(text: string) {
  return readConfiguration({ file: 'premortem.yaml', text }, rules);
}

/** `line:column: message` of each error. */
function errorsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.errors.map(({ line, column, message }) => `${line}:${column}: ${message}`);
  }
}

describe('a configuration', () => {
  it('says nothing when it says nothing', () => {
    assert.deepEqual(read(HEAD), defaultConfiguration);
    assert.deepEqual(read(`${HEAD}rules:\nwaivers:\npodTemplates:\n`), defaultConfiguration);
  });

  it('holds severities, a waiver with its place, and whatever else a team decides', () => {
    const { severities, ...rest } = read(`${HEAD}rules:
  memory-limit-missing: off
  field-unknown: "off"
  cronjob-too-frequent: deny
onError: deny
waivers:
  - rule: memory-request-missing
    kinds: [Deployment]
    namespaces: [shop, "team-*"]
    names: ["redis-?"]
    reason: the vendor's chart takes no resources
    until: 2026-12-31
annotationWaivers: ignored
podTemplates:
  - { group: argoproj.io, kind: Rollout, resource: rollouts, versions: [v1alpha1], path: spec.template }
`);
    assert.deepEqual(Object.fromEntries(severities), {
      'memory-limit-missing': 'off',
      'field-unknown': 'off',
      'cronjob-too-frequent': 'deny',
    });
    assert.deepEqual(rest, {
      onError: 'deny',
      waivers: [
        {
          rule: 'memory-request-missing',
          kinds: ['Deployment'],
          namespaces: ['shop', 'team-*'],
          names: ['redis-?'],
          reason: "the vendor's chart takes no resources",
          until: '2026-12-31',
          place: 'premortem.yaml:9:5',
        },
      ],
      annotationWaivers: 'ignored',
      podTemplates: [
        {
          group: 'argoproj.io',
          name: 'Rollout',
          resource: 'rollouts',
          versions: ['v1alpha1'],
          scope: 'Namespaced',
          podTemplate: ['spec', 'template'],
        },
      ],
    });
  });

  it('is told all that is wrong with it at once, each with its place', () => {
    const golden = join(import.meta.dirname, 'mistakes.txt');
    const told = errorsOf(readFileSync(join(import.meta.dirname, 'mistakes.yaml'), 'utf8'));
    const text = told.map(line => `premortem.yaml:${line}\n`).join('');
    if (process.env.UPDATE === '1') writeFileSync(golden, text);
    assert.equal(text, readFileSync(golden, 'utf8'));
  });

  it('is documented by examples that are right', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
    const blocks = [...page.matchAll(/^```yaml\n(?!#)(.*?)^```$/gms)].map(([, block = '']) => block);
    assert.ok(blocks.length > 5);
    for (const block of blocks) {
      const { documents } = parseYaml(block.startsWith(HEAD) ? block : HEAD + block);
      assert.deepEqual(mistakesIn(documents[0]?.value), [], block);
    }
    assert.equal(read(blocks[0] ?? '').waivers.length, 1);
  });

  for (const [text, error] of Object.entries({
    '': '1:1: this is no configuration, which begins with',
    '# nothing': '1:1: this is no configuration',
    'kind: Configuration': '1:1: this is no configuration',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Configuration': '1:1: this is no configuration',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: premortem-config}': '1:1: this is no configuration',
    [`${HEAD}rules: {`]: '3:9: ',
    [`${HEAD}---\n${HEAD}`]: '4:1: a configuration is a single document',
    [`${HEAD}rules: [a]`]: '3:8: rules must be a mapping',
    [`${HEAD}waivers: {}`]: '3:10: waivers must be a list',
    [`${HEAD}__proto__: {}`]: '3:1: unknown key "__proto__"',
    [`${HEAD}rules: {constructor: deny}`]: '3:9: there is no rule "constructor"',
  })) {
    it(`is refused as ${JSON.stringify(text)}`, () => {
      const [first = ''] = errorsOf(text);
      assert.ok(first.startsWith(error), first);
    });
  }

  it('names no more mistakes than anybody reads, however many there are', () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1\n`).join('');
    assert.equal(errorsOf(HEAD + keys).length, 100);
    assert.deepEqual(errorsOf(`${HEAD}# ${'x'.repeat(2 ** 20)}`), [
      'null:null: is larger than 1 MiB, more than a ConfigMap can hold',
    ]);
  });

  it('quotes nothing in what is logged of a bad one', () => {
    assert.throws(() => read(`${HEAD}canary: 1`), {
      message: 'premortem.yaml:3:1 holds no configuration that can be used',
    });
  });

  it('is no object to be judged, and hides none beside it', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n';
    const { objects, errors } = readObjects({ file: 'all.yaml', text: `${HEAD}---\n${pod}` });
    assert.deepEqual([objects.map(({ object }) => object.kind), errors], [['Pod'], []]);
  });

  it('gives errors or can be used, whatever the text', () => {
    const words = fc.constantFrom(
      'rules',
      'waivers',
      'rule',
      'reason',
      'until',
      'names',
      '__proto__',
      'off',
      '',
    );
    const leaf = fc.oneof(
      words,
      fc.constantFrom('field-unknown', '2026-12-31', '\u001b[31m'),
      fc.jsonValue(),
    );
    const { tree } = fc.letrec(tie => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(words, tie('tree')),
      ),
    }));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map(end => HEAD + end),
      fc
        .dictionary(words, tree)
        .map(rest => JSON.stringify({ apiVersion: 'premortem.dev/v1', kind: 'Configuration', ...rest })),
    );
    const property = fc.property(text, text => {
      for (const line of errorsOf(text)) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

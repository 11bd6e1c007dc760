import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide } from '../src/engine/decide.ts';
import { review } from '../src/engine/review.ts';
import { subjectOf } from '../src/intake/files.ts';
import type { KubeObject } from '../src/kubernetes/object.ts';
import { defaultConfiguration } from '../src/model/configuration.ts';
import { denial } from '../src/report/denial.ts';
import { warningLines } from '../src/report/warnings.ts';
import { rules } from '../src/rules/index.ts';
import { bundle } from '../src/world/bundle.ts';
import { allCases, reviewCase, TODAY } from './cases.ts';

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function told(object: KubeObject) {
  const origin = {
    file: 'x.yaml',
    template: undefined,
    locate: () => ({ line: 1, column: 1, length: 1 }),
    lineText: () => '',
    edited: () => undefined,
  };
  const one = review(subjectOf({ object, origin }, undefined), {
    rules,
    world: bundle([], undefined),
    today: TODAY,
    configuration: defaultConfiguration,
  });
  const verdict = decide(one, 'enforce');
  return {
    message: verdict.allowed ? '' : denial(one, verdict),
    warnings: warningLines(one, verdict),
  };
}

function deployment(containers: unknown[]): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { template: { spec: { containers } } },
  };
}

describe('messages', () => {
  it('of rules are short enough to be read: why in three sentences, title in one line', () => {
    for (const { id, why, title, unless } of rules) {
      assert.ok(
        why.split(/\.(?:\s|$)/).filter(Boolean).length <= 3,
        `${id}: why has more than three sentences`,
      );
      assert.ok(why.length <= 360, `${id}: why has ${why.length} characters`);
      assert.ok(title.length <= 80 && !title.endsWith('.'), `${id}: title`);
      assert.ok(!unless.endsWith('.') && !/^(when|if) /i.test(unless), `${id}: unless completes "when …"`);
    }
  });

  it('never exceed 4 KB, however many faults there are, and name the rest', () => {
    const containers = Array.from({ length: 200 }, (_, index) => ({
      name: `container-${index}`,
      image: 'web:1',
      livenessProbe: { exec: { command: ['sh', '-c', 'a | b'] } },
    }));
    const { message, warnings } = told(deployment(containers));
    assert.ok(Buffer.byteLength(message) <= 4096, `${Buffer.byteLength(message)} bytes`);
    assert.match(message, /^Deployment shop\/web: 400 faults that have caused outages: /);
    assert.match(message, /^ {2}also +\d+ more$/m);
    assert.ok(warnings.join('').length <= 4096);
  });

  it('of warnings stay on one line of 200 characters that begins with the object and ends with the rule', () => {
    for (const one of allCases()) {
      for (const outcome of reviewCase(one)) {
        for (const line of warningLines(outcome, decide(outcome, 'warn'))) {
          assert.ok(line.length <= 200 && !line.includes('\n'), line);
          assert.match(line, /^[A-Z][A-Za-z]+ [^ ]+: /);
          assert.match(line, /\[[a-z0-9-]+\]$/);
        }
      }
    }
  });

  it('let no control character of a manifest through', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(name, fc.array(name, { minLength: 1, maxLength: 3 }), (name, command) => {
        const { message, warnings } = told(
          deployment([{ name, image: name, [name]: 1, livenessProbe: { exec: { command } } }]),
        );
        assert.doesNotMatch(message, CONTROL);
        for (const line of warnings) assert.doesNotMatch(line, /\n/);
        for (const line of warnings) assert.doesNotMatch(line, CONTROL);
      }),
      { numRuns: 300 },
    );
  });

  it('say the same at every retry, whatever name was generated', () => {
    const pod = (name: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'web-', name, namespace: 'shop' },
      spec: {
        containers: [{ name: 'web', image: 'web:1', livenessProbe: { exec: { command: ['probe.sh'] } } }],
      },
    });
    assert.equal(told(pod('web-abc12')).message, told(pod('web-xyz89')).message);
    assert.match(told(pod('web-abc12')).message, /^Pod shop\/web-\*: /);
  });
});

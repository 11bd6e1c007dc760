import assert from 'node:assert/strict';
import { rules } from '../../src/rules/index.ts';
import { premortem } from './command.ts';

describe('premortem explain', () => {
  for (const rule of rules) {
    it(`tells of ${rule.id} what happened, how, a bad and a good manifest, and when to waive it`, async () => {
      const { code, stdout } = await premortem(['explain', rule.id]);
      assert.equal(code, 0);
      for (const part of [
        'What happened',
        'How it happens',
        'What it teaches',
        'Fine',
        `waive.premortem.dev/${rule.id}`,
      ]) {
        assert.ok(stdout.includes(part), part);
      }
      assert.ok((stdout.match(/^ {4}kind: /gm)?.length ?? 0) >= 2);
    });
  }

  it('helps with a slip of the pen', async () => {
    const { code, stderr } = await premortem(['explain', 'cronjob-run-overlap']);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'error: there is no rule "cronjob-run-overlap"; did you mean cronjob-runs-overlap?\n',
    );
  });
});

describe('premortem rules', () => {
  it('lists every rule with its severity and its story', async () => {
    const { code, stdout } = await premortem(['rules']);
    assert.equal(code, 0);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => line.split(/\s+/)[1]),
      rules.map(({ id }) => id),
    );
  });

  it('lists them as JSON, with where each is checked', async () => {
    const { stdout } = await premortem(['rules', '-o', 'json']);
    const list = JSON.parse(stdout) as { id: string; checkedIn: string[]; lessons: unknown[] }[];
    assert.deepEqual(list.find(({ id }) => id === 'release-drops-namespace')?.checkedIn, [
      'files',
      'webhook',
    ]);
    assert.deepEqual(list.find(({ id }) => id === 'namespace-delete-unconfirmed')?.checkedIn, ['webhook']);
    assert.deepEqual(list.find(({ id }) => id === 'cronjob-runs-overlap')?.checkedIn, ['files', 'webhook']);
  });
});

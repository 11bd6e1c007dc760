import assert from 'node:assert/strict';
import { incidents } from '../../src/incidents/index.ts';
import { checkedIn } from '../../src/model/rule.ts';
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

  it('tells of a lesson beyond reach the story, and why no check of a manifest can catch it', async () => {
    const { code, stdout } = await premortem(['explain', 'L12']);
    assert.equal(code, 0);
    assert.match(stdout, /^L12 \(beyond the reach of a manifest check\)\n\nWhat happened: Datadog 2018\n/);
    assert.match(stdout, /\n\nWhat it teaches\n {2}A program that reads its certificate once/);
    assert.match(stdout, /\n\nWhy no check of a manifest can catch it\n {2}A manifest says where/);
  });

  it('tells of any other lesson its stories and the rules that catch it', async () => {
    const { code, stdout } = await premortem(['explain', 'l37']);
    assert.equal(code, 0);
    assert.match(stdout, /^L37\n/);
    for (const part of [
      'What happened: Flant',
      'What happened: Zalando',
      '\nCaught by\n  cronjob-too-frequent ',
    ])
      assert.ok(stdout.includes(part), part);
  });

  it('knows every lesson of the ledger', async () => {
    const ids = new Set(incidents.flatMap(({ lessons }) => Object.values(lessons).map(({ id }) => id)));
    for (const id of ids) assert.equal((await premortem(['explain', id])).code, 0, id);
  });

  it('says that there is no such lesson', async () => {
    const { code, stderr } = await premortem(['explain', 'L86']);
    assert.equal(code, 2);
    assert.equal(stderr, 'error: there is no lesson "L86"; premortem rules lists those with a rule\n');
  });

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
  it('lists every rule with its severity, where it is checked, its story and its lessons', async () => {
    const { code, stdout } = await premortem(['rules']);
    assert.equal(code, 0);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, rules.length);
    for (const [index, rule] of rules.entries()) {
      const [severity, id, where, ...rest] = lines[index]?.split(/\s+/) ?? [];
      assert.deepEqual([severity, id, where], [rule.severity, rule.id, checkedIn(rule).join(',')]);
      const { who, when } = rule.lessons[0]?.incident ?? {};
      const lessons = [...new Set(rule.lessons.map(({ id }) => id))].join(', ');
      assert.equal(rest.join(' '), `${rule.title} (${who} ${when}; ${lessons})`);
    }
  });

  it('lists them all as JSON, with severity, where each is checked, and its stories', async () => {
    const { stdout } = await premortem(['rules', '-o', 'json']);
    const list = JSON.parse(stdout) as {
      id: string;
      severity: string;
      checkedIn: string[];
      lessons: { id: string; story: string; incident: string }[];
    }[];
    assert.deepEqual(
      list.map(({ id, severity, checkedIn }) => ({ id, severity, checkedIn })),
      rules.map(rule => ({ id: rule.id, severity: rule.severity, checkedIn: checkedIn(rule) })),
    );
    const known = incidents.map(({ id }) => id);
    for (const { id, lessons } of list) {
      assert.ok(lessons.length > 0, id);
      for (const { incident, story } of lessons) {
        assert.ok(known.includes(incident), incident);
        assert.match(story, /^\w+ 20\d\d: ./);
      }
    }
  });

  it('knows that what is only deleted is in no file', async () => {
    const { stdout } = await premortem(['rules', '-o', 'json']);
    const list = JSON.parse(stdout) as { id: string; checkedIn: string[] }[];
    assert.deepEqual(list.find(({ id }) => id === 'release-drops-namespace')?.checkedIn, [
      'files',
      'webhook',
    ]);
    assert.deepEqual(list.find(({ id }) => id === 'namespace-delete-unconfirmed')?.checkedIn, ['webhook']);
    assert.deepEqual(list.find(({ id }) => id === 'cronjob-runs-overlap')?.checkedIn, ['files', 'webhook']);
  });
});

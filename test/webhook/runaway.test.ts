import assert from 'node:assert/strict';
import { Pod } from '../../src/kubernetes/kinds.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { type Fault, type Rule, rule } from '../../src/model/rule.ts';
import { Breaker } from '../../src/webhook/breaker.ts';
import { Watchdog } from '../../src/webhook/watchdog.ts';
import { pod, reviewOf, startToyServer, type ToyServer, toyRules, toySettings } from './toy.ts';

const [red] = toyRules as [Rule];

/** A rule that speaks of a Pod with its name as a label, and then does what it must not. */
function unruly(id: string, misdeed: () => Iterable<Fault>): Rule {
  const { severity, lessons, why, unless } = red;
  return rule({
    ...{ id, title: id, severity, lessons, why, unless },
    kinds: [Pod],
    *check({ object }) {
      if (object.metadata?.labels?.[id]) yield* misdeed();
    },
  });
}

const fault = { path: ['metadata'], what: 'it is unruly' };

const UNRULY = {
  loops: () => {
    for (;;);
  },
  'loops-for-good': () => {
    for (;;) {
      try {
        for (;;);
      } finally {
      }
    }
  },
  backtracks: () => (/^(a+)+$/.test(`${'a'.repeat(40)}b`) ? [] : []),
  'never-ends': function* () {
    for (;;) yield { ...fault, fix: () => '' };
  },
  throws: () => {
    throw new TypeError('no');
  },
  'throws-nothing': () => {
    throw undefined;
  },
  'says-garbage': () => [null as unknown as Fault],
  'says-half': () => [{ path: ['metadata'] } as unknown as Fault],
  'has-no-list': () => 7 as unknown as Iterable<Fault>,
} satisfies Record<string, () => Iterable<Fault>>;

const unrulyRules = Object.entries(UNRULY).map(([id, misdeed]) => unruly(id, misdeed));

describe('a rule that runs away', () => {
  let server: ToyServer;
  let onError: 'allow' | 'deny';
  beforeEach(async () => {
    onError = 'allow';
    const rules = [...unrulyRules, ...toyRules];
    server = await startToyServer({
      settings: () => ({ ...toySettings, rules, configuration: { ...defaultConfiguration, onError } }),
    });
  });
  afterEach(() => server.stop());

  for (const id of Object.keys(UNRULY)) {
    it(`is undecided, and the others decide: ${id}`, async () => {
      const { allowed, warnings, auditAnnotations } = await server.ask(
        'enforce',
        reviewOf(pod({ labels: { [id]: 'yes', colour: 'amber' } })),
      );
      assert.equal(allowed, true);
      assert.match(
        warnings?.join('\n') ?? '',
        new RegExp(`Pod shop/toy: premortem could not check ${id}: the rule `),
      );
      assert.match(warnings?.join('\n') ?? '', /toy is amber \[painted-amber\]/);
      assert.deepEqual(auditAnnotations, { findings: 'warn/painted-amber', undecided: `failed/${id}` });
      assert.match(
        await server.metrics(),
        new RegExp(`premortem_undecided_total\\{rule="${id}",reason="failed"\\} 1`),
      );
    });
  }

  it('holds nobody up who asks at the same time: each is decided by its own', async () => {
    const labels = [
      { colour: 'red' },
      { loops: 'yes' },
      { colour: 'amber' },
      { backtracks: 'yes', colour: 'red' },
      { colour: 'green' },
    ];
    const answers = await Promise.all(
      labels.map(one => server.ask('enforce', reviewOf(pod({ labels: one })))),
    );
    assert.deepEqual(
      answers.map(({ allowed }) => allowed),
      [false, true, true, false, true],
    );
    const undecided = answers.map(({ auditAnnotations }) => auditAnnotations?.undecided);
    assert.match(undecided[1] ?? '', /loops/);
    assert.match(undecided[3] ?? '', /backtracks/);
    for (const at of [0, 2, 4]) assert.equal(undecided[at], undefined);
  });

  it('does not keep another from refusing', async () => {
    const { allowed } = await server.ask(
      'enforce',
      reviewOf(pod({ labels: { loops: 'yes', colour: 'red' } })),
    );
    assert.equal(allowed, false);
  });

  it('refuses where the configuration says so, in words that name it', async () => {
    onError = 'deny';
    const { allowed, status } = await server.ask('enforce', reviewOf(pod({ labels: { loops: 'yes' } })));
    assert.equal(allowed, false);
    assert.match(status?.message ?? '', /^Pod shop\/toy: could not be checked: loops\n/);
    assert.match(status?.message ?? '', /took too long and was broken off/);
  });

  it('rests when it has failed three times, which is told and counted too', async () => {
    const ask = () => server.ask('enforce', reviewOf(pod({ labels: { loops: 'yes' } })));
    for (let times = 0; times < 3; times++)
      assert.match((await ask()).warnings?.join('') ?? '', /took too long and was broken off/);
    const { allowed, warnings, auditAnnotations } = await ask();
    assert.equal(allowed, true);
    assert.match(
      warnings?.join('') ?? '',
      /could not check loops: the rule has failed several times within a minute/,
    );
    assert.deepEqual(auditAnnotations, { undecided: 'failed/loops' });
    assert.match(await server.metrics(), /premortem_rule_resting\{rule="loops"\} 1/);
  });
});

describe('the breaker', () => {
  const loops = { id: 'loops' };

  it('opens at the third failure within a minute, and closes after a minute', () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (const at of [0, 10_000, 59_000]) {
      now = at;
      assert.equal(breaker.isResting(loops), false);
      breaker.hasFailed(loops);
    }
    assert.deepEqual(breaker.resting, ['loops']);
    now += 59_999;
    assert.equal(breaker.isResting(loops), true);
    assert.equal(breaker.isResting({ id: 'other' }), false);
    now += 1;
    assert.equal(breaker.isResting(loops), false);
    assert.deepEqual(breaker.resting, []);
  });

  it('stays closed while failures are rare', () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (let times = 0; times < 50; times++) {
      breaker.hasFailed(loops);
      now += 30_001;
      assert.equal(breaker.isResting(loops), false);
    }
  });
});

describe('the watchdog', () => {
  it('breaks off what goes on and on, and lets be what ends', () => {
    const watchdog = new Watchdog(20);
    let rounds = 0;
    assert.equal(watchdog.run(UNRULY.loops), 'broken-off');
    assert.equal(
      watchdog.run(() => {
        while (rounds < 1_000_000) rounds++;
      }),
      'done',
    );
    assert.equal(rounds, 1_000_000);
  });

  it('hands on what is thrown', () => {
    assert.throws(() => new Watchdog(20).run(UNRULY.throws), TypeError);
  });

  it('begins again what had no time of the processor, since then the machine is slow', () => {
    const sleeping = new Int32Array(new SharedArrayBuffer(4));
    let begun = 0;
    const outcome = new Watchdog(20).run(() => {
      begun += 1;
      if (begun === 1) Atomics.wait(sleeping, 0, 0, 60);
    });
    assert.equal(outcome, 'done');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { simpleCommands } from '../../src/kubernetes/shell-script.ts';

describe('a shell script', () => {
  const cases: [string, string[]][] = [
    ['sleep 120 & cp -f a b && cat', ['sleep 120 &', 'cp -f a b &&', 'cat ']],
    ['trap : TERM INT; sleep infinity & wait', ['trap : TERM INT ;', 'sleep infinity &', 'wait ']],
    ['while true; do sleep 30; done', ['true ;', 'sleep 30 ;', 'done ']],
    ['echo \'a; b\' "c && d"', ['echo a; b c && d ']],
    ['a 2>&1 | tee b &>c', ['a 2>&1 |', 'tee b &>c ']],
    ["a 'b; c", ['a b; c ']],
    ['$(a (b) "c)" d; e) f; g', ['$(a (b) c) d; e) f ;', 'g ']],
    ['x=$(date; id) y', ['x=$(date; id) y ']],
    ['a \\\n  --b # no; c\nd', ['a --b ;', 'd ']],
    ['(cd /x; ls) || exit 1', ['cd /x ;', 'ls ||', 'exit 1 ']],
    ['', []],
  ];
  for (const [script, commands] of cases) {
    it(`${JSON.stringify(script)} runs ${commands.length} commands`, () => {
      assert.deepEqual(
        simpleCommands(script).map(({ words, end }) => `${words.join(' ')} ${end}`),
        commands,
      );
    });
  }

  it('can be any text without harm', () => {
    fc.assert(
      fc.property(fc.string(), script => simpleCommands(script).every(({ words }) => words.length > 0)),
    );
    assert.ok(simpleCommands('$('.repeat(100_000)).length <= 1);
    assert.ok(simpleCommands('a;'.repeat(100_000)).length <= 10_000);
  });
});

import assert from 'node:assert/strict';
import { nearName } from '../../src/kubernetes/near-name.ts';

describe('the name that was meant', () => {
  const near: [name: string, other: string][] = [
    ['web-confg', 'web-config'],
    ['web-conifg', 'web-config'],
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['setings.yaml', 'settings.yaml'],
  ];
  for (const [name, other] of near)
    it(`${name} is ${other}`, () => assert.equal(nearName(name, ['x', other]), other));

  const far: [name: string, other: string, because: string][] = [
    ['web-1', 'web-2', 'another number is another thing'],
    ['web-config', 'web-config2', 'so is one more'],
    ['web-config-eu', 'web-config-us', 'a short word tells siblings apart'],
    ['KEY_A', 'KEY_B', 'so does a letter'],
    ['web', 'wab', 'a short name is near to everything'],
    ['web-config', 'web-secret', 'it is another word'],
    ['web-config', 'web-config', 'it is there'],
  ];
  for (const [name, other, because] of far)
    it(`${name} is not ${other}, for ${because}`, () => assert.equal(nearName(name, [other]), undefined));

  it('is the nearest', () => assert.equal(nearName('web-confg', ['web-conf', 'web-config']), 'web-conf'));

  it('is none of what is too long for a name, and would take minutes to compare', () => {
    const long = 'a'.repeat(300);
    assert.equal(nearName(`${long}b`, [`${long}c`]), undefined);
  });
});

import assert from 'node:assert/strict';
import { type ImageName, parseImage } from '../../src/kubernetes/image.ts';

describe('the name of an image', () => {
  const cases: [string, string | undefined, ImageName['meaning']][] = [
    ['redis', 'latest', 'latest'],
    ['redis:latest', 'latest', 'latest'],
    ['registry:5000/redis', 'latest', 'latest'],
    ['registry:5000/redis:8.2', '8.2', 'fixed'],
    ['redis:v8.2.1-alpine', 'v8.2.1-alpine', 'fixed'],
    ['shop/web:3f2a9c1', '3f2a9c1', 'fixed'],
    ['shop/web:main-1.7.0', 'main-1.7.0', 'fixed'],
    ['redis:8', '8', 'unclear'],
    ['shop/web:stable', 'stable', 'unclear'],
    ['shop/web:1.7.0-latest', '1.7.0-latest', 'unclear'],
    ['redis@sha256:abc', undefined, 'fixed'],
    ['redis:latest@sha256:abc', 'latest', 'fixed'],
    ['', 'latest', 'latest'],
  ];
  for (const [image, tag, meaning] of cases) {
    it(`${image || '(empty)'} is ${meaning}`, () => assert.deepEqual(parseImage(image), { tag, meaning }));
  }
});

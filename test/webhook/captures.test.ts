import assert from 'node:assert/strict';
import { capture, captures } from '../captures/capture.ts';
import { startToyServer, type ToyServer } from './toy.ts';

describe('what a real API server sends', () => {
  let server: ToyServer;
  before(async () => {
    server = await startToyServer();
  });
  after(() => server.stop());

  for (const name of captures) {
    it(`gets a valid answer: ${name}`, async () => {
      for (const route of ['enforce', 'warn', 'audit', 'by-label']) {
        const answer = await server.send(`/validate/${route}?timeout=3s`, JSON.stringify(capture(name)));
        assert.equal(answer.status, 200, answer.text);
        const { apiVersion, kind, response } = JSON.parse(answer.text);
        assert.equal(apiVersion, 'admission.k8s.io/v1');
        assert.equal(kind, 'AdmissionReview');
        assert.equal(response.uid, capture(name).request.uid);
        assert.equal(response.allowed, true);
      }
    });
  }
});

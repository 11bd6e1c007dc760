import assert from 'node:assert/strict';
import { isLocalHost, remoteHost } from '../../src/kubernetes/remote-host.ts';

describe('remote host', () => {
  const asked: [string, string[], string | undefined][] = [
    ['the host of a URL', ['curl', '-f', 'https://user:pw@auth.example.com:8443/x'], 'auth.example.com'],
    ['a URL in a script', ['sh', '-c', "wget -qO- 'http://auth/healthz' || exit 1"], 'auth'],
    ["a client's -h", ['pg_isready', '-h', 'postgres'], 'postgres'],
    ["a client's -h without a blank", ['/usr/bin/mysqladmin', 'ping', '-hmysql'], 'mysql'],
    ['--host with a port', ['mongo', '--host=mongo:27017'], 'mongo'],
    ['kubectl', ['kubectl', 'get', 'nodes'], 'the API server'],
    [
      'the address that every container is given',
      ['sh', '-c', 'nc $KUBERNETES_SERVICE_HOST 443'],
      'the API server',
    ],
    ['its name', ['curl', 'https://kubernetes.default.svc/healthz'], 'the API server'],
    ['nobody, when it asks itself', ['curl', 'http://localhost:8080', 'http://[::1]:80'], undefined],
    [
      'nobody, when a variable holds the host',
      ['sh', '-c', 'curl http://$POD_IP:80 http://$(hostname)'],
      undefined,
    ],
    ['nobody, when -h asks for readable figures', ['df', '-h', '/data'], undefined],
    ['nobody, when a header names an address', ['curl', '-H', 'http://auth', 'http://127.0.0.1'], undefined],
    [
      'nobody behind the socket of curl',
      ['curl', '--unix-socket', '/run/app.sock', 'http://app/healthz'],
      undefined,
    ],
    ['nobody behind a socket', ['grpc', 'unix:///run/app.sock'], undefined],
  ];
  for (const [what, command, host] of asked) {
    it(`is ${what}`, () => assert.equal(remoteHost(command), host));
  }

  it('is not the loopback by any of its names', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1', '0.0.0.0', '::1', '[::1]', '::'])
      assert.ok(isLocalHost(host));
    for (const host of ['localhost.example.com', '2001:db8::1', '10.0.0.1', 'web'])
      assert.ok(!isLocalHost(host));
  });
});

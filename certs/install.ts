/**
 * Puts the certificates that certs/make.ts made in place on a cluster, by kubectl:
 *
 *     npx node certs/install.ts [--from FOLDER] [--context NAME] [--kubeconfig FILE]
 *
 * It adds the authority to the caBundle of every entry of the ValidatingWebhookConfiguration, and then creates or
 * replaces the Secret that the Deployment mounts. Doing it twice changes nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { patchFor, type WebhookConfiguration } from '../src/webhook/authority/bundle.ts';

const configuration = 'validatingwebhookconfiguration/premortem';

/** Runs kubectl and gives what it prints; its complaints reach the terminal as they are. */
type Kubectl = (args: string[], input?: string) => string;

function kubectlFor(cluster: string[]): Kubectl {
  return (args, input = '') => {
    const run = spawnSync('kubectl', [...cluster, ...args], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (run.error !== undefined) throw new Error(`kubectl is needed in PATH, and: ${run.error.message}`);
    if (run.status !== 0) throw new Error(`kubectl ${args.slice(0, 2).join(' ')} failed: see above`);
    return run.stdout;
  };
}

function existing(path: string): string {
  if (!existsSync(path)) throw new Error(`${path} does not exist: run npx node certs/make.ts first`);
  return path;
}

function believe(authority: string, kubectl: Kubectl): void {
  const found = kubectl(['get', configuration, '--ignore-not-found', '--output=json']);
  if (found === '')
    throw new Error(
      `there is no ${configuration}: run kubectl apply -k manifests/overlays/given-certificate first`,
    );
  const patch = patchFor(JSON.parse(found) as WebhookConfiguration, { wanted: [authority] }, new Date());
  if (patch.length > 0) kubectl(['patch', configuration, '--type=json', `--patch=${JSON.stringify(patch)}`]);
  console.log(`${configuration} ${patch.length > 0 ? 'patched' : 'unchanged'}`);
}

function serve(certificate: string, key: string, kubectl: Kubectl): void {
  const create = ['create', 'secret', 'tls', 'premortem-tls', '--namespace=premortem'];
  const manifest = kubectl([
    ...create,
    `--cert=${certificate}`,
    `--key=${key}`,
    '--dry-run=client',
    '--output=yaml',
  ]);
  // Applied by the server: kubectl's own way would also copy the key into an annotation.
  const apply = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--field-manager=premortem-certs',
    '--filename=-',
  ];
  process.stdout.write(kubectl(apply, manifest));
}

try {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, context: { type: 'string' }, kubeconfig: { type: 'string' } },
  });
  const { from = fileURLToPath(new URL('.', import.meta.url)), ...cluster } = values;
  const kubectl = kubectlFor(Object.entries(cluster).map(([option, value]) => `--${option}=${value}`));
  const authority = existing(join(from, 'ca.pem'));
  const certificate = existing(join(from, 'tls.pem'));
  const key = existing(join(from, 'tls-key.pem'));
  believe(readFileSync(authority, 'utf8'), kubectl);
  serve(certificate, key, kubectl);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

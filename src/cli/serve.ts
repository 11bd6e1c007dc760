import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Configuration } from '../model/configuration.ts';
import { emptyWorld } from '../model/world.ts';
import { rules } from '../rules/index.ts';
import { prepareAuthority, type RunningAuthority } from '../webhook/authority/start.ts';
import { CertificateWatch } from '../webhook/certificate-watch.ts';
import {
  type Certificate,
  CertificateError,
  type CertificateFiles,
  expiryOf,
  readCertificate,
  selfSignedCertificate,
} from '../webhook/certificates.ts';
import { ConfigurationWatch } from '../webhook/configuration-watch.ts';
import { createLogger, type Logger, type LogLevel } from '../webhook/log.ts';
import { type RunningServer, startServer } from '../webhook/server.ts';
import { KubeconfigError } from '../world/api-access.ts';
import { findCluster } from '../world/cluster.ts';
import { liveKinds, liveObjects, type RunningLiveObjects } from '../world/live-objects.ts';
import { watchesFor } from '../world/watch-plan.ts';
import { type WatchedWorld, watchWorld } from '../world/watched.ts';
import { loadConfiguration } from './configuration.ts';
import { dayOf, EXIT, type Io } from './io.ts';

export interface ServeOptions {
  /** All addresses when left out. */
  host?: string | undefined;
  /** For the API server, over HTTPS. */
  port?: number | undefined;
  /** For `/metrics`, `/healthz` and `/readyz`, over plain HTTP. */
  metricsPort?: number | undefined;
  tlsCertFile?: string | undefined;
  tlsPrivateKeyFile?: string | undefined;
  /** Signs its certificates itself, and tells the cluster to trust them. */
  ownCa?: boolean | undefined;
  /** The cluster to look things up in; the one that it runs in when left out. */
  kubeconfig?: string | undefined;
  /** The file that holds the configuration; re-read when it changes. */
  config?: string | undefined;
  logLevel?: LogLevel | undefined;
}

/** Serves the webhook until it is asked to stop. Exit codes: 0 stopped, 2 could not start. */
export async function serve(options: ServeOptions, io: Io): Promise<number> {
  const logger = createLogger(io.stdout, options.logLevel);
  const configuration = await loadConfiguration(options.config, io);
  if (!configuration) return EXIT.failed;
  try {
    const authority = await ownAuthority(options, io, logger);
    const files = certificateFiles(options);
    const certificate = await firstCertificate(files, authority);
    const cluster = await connect(options, io, logger);
    const settings = {
      rules,
      configuration,
      world: cluster?.world ?? emptyWorld,
      get today() {
        return dayOf(new Date());
      },
    };
    const server = await startServer({
      host: options.host,
      port: options.port ?? 8443,
      opsPort: options.metricsPort ?? 8080,
      tls: certificate,
      whyNotReady: () => authority?.whyNotReady,
      settings: () => settings,
      live: cluster?.live,
      sights: cluster && (() => cluster.world.sights),
      ownNamespace: namespaceOf(io),
      logger,
    });
    if (!files && !authority) logger.warn(SELF_SIGNED);
    logger.info({ webhook: server.url, metrics: server.opsUrl, rules: rules.length }, 'serving');
    const watches = [
      files && certificate && follow(files, certificate, server, logger),
      options.config && followConfiguration(options.config, settings, server, logger),
    ].filter(watch => typeof watch === 'object');
    authority?.begin(server);
    await untilStopped(server, io, logger);
    for (const watch of watches) watch.close();
    authority?.stop();
    cluster?.world.stop();
    cluster?.live.stop();
    return EXIT.ok;
  } catch (error) {
    io.stderr.write(`premortem serve: ${whyNotStarted(error)}\n`);
    return EXIT.failed;
  }
}

/** Waits for the first lists, but not for ever: an API server that is down must not keep us from serving. */
const FIRST_LISTS_MS = 5_000;

async function connect(
  { kubeconfig }: ServeOptions,
  { env }: Io,
  logger: Logger,
): Promise<{ world: WatchedWorld; live: RunningLiveObjects } | undefined> {
  const cluster = findCluster(kubeconfig, env);
  if (!cluster) {
    logger.warn('there is no cluster to look anything up in; rules that need to are undecided');
    return undefined;
  }
  const live = await liveObjects(liveKinds(rules), { cluster });
  const world = await watchWorld(watchesFor(rules), { cluster, logger });
  for (let waited = 0; !world.synced && waited < FIRST_LISTS_MS; waited += 50) await wait(50);
  return { world, live };
}

function namespaceOf({ env }: Io): string {
  return env.POD_NAMESPACE || 'premortem';
}

async function ownAuthority(
  { ownCa, kubeconfig, tlsCertFile, tlsPrivateKeyFile }: ServeOptions,
  io: Io,
  logger: Logger,
): Promise<RunningAuthority | undefined> {
  if (!ownCa) return undefined;
  if (tlsCertFile !== undefined || tlsPrivateKeyFile !== undefined)
    throw new CertificateError('with --own-ca there are no --tls-cert-file and --tls-private-key-file');
  const cluster = findCluster(kubeconfig, io.env);
  if (!cluster) throw new CertificateError('--own-ca needs a cluster: run it in one, or name a --kubeconfig');
  return prepareAuthority(cluster, { namespace: namespaceOf(io), logger });
}

async function firstCertificate(
  files: CertificateFiles | undefined,
  authority: RunningAuthority | undefined,
): Promise<Certificate | undefined> {
  if (authority) return undefined;
  return files ? readCertificate(files) : selfSignedCertificate();
}

const SELF_SIGNED =
  'neither --tls-cert-file nor --own-ca was given, so a certificate was made for a first try; an API server will not trust it';

function certificateFiles({ tlsCertFile, tlsPrivateKeyFile }: ServeOptions): CertificateFiles | undefined {
  if (tlsCertFile === '' || tlsPrivateKeyFile === '')
    throw new CertificateError('--tls-cert-file and --tls-private-key-file need the name of a file');
  if (tlsCertFile && tlsPrivateKeyFile) return { certFile: tlsCertFile, keyFile: tlsPrivateKeyFile };
  if (tlsCertFile || tlsPrivateKeyFile)
    throw new CertificateError('--tls-cert-file and --tls-private-key-file go together');
  return undefined;
}

function follow(
  files: CertificateFiles,
  inUse: Certificate,
  server: RunningServer,
  logger: Logger,
): CertificateWatch {
  return new CertificateWatch(files, inUse, {
    changed(certificate) {
      server.useCertificate(certificate);
      logger.info({ expires: expiryOf(certificate) }, 'new certificate in use');
    },
    unusable(problem) {
      logger.error({ problem }, 'the certificate in use stays');
    },
  });
}

/** Has the settings carry whatever configuration the file holds. */
function followConfiguration(
  file: string,
  settings: { configuration: Configuration },
  server: RunningServer,
  logger: Logger,
): ConfigurationWatch {
  return new ConfigurationWatch(file, rules, settings.configuration, {
    changed(configuration) {
      settings.configuration = configuration;
      server.configurationReloaded(true);
      logger.info('new configuration in use');
    },
    unusable(problem) {
      server.configurationReloaded(false);
      logger.error({ problem }, 'the configuration in use stays');
    },
    recovered() {
      server.configurationReloaded(true);
      logger.info('the configuration in use is that of the file again');
    },
  });
}

async function untilStopped(server: RunningServer, { signal, hurry }: Io, logger: Logger): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  logger.info('stopping');
  const stopped = server.stop();
  if (hurry.aborted) server.stop();
  else hurry.addEventListener('abort', () => server.stop(), { once: true });
  await stopped;
  logger.info('stopped');
}

/** In one line. Any other error than these is a fault of ours. */
function whyNotStarted(error: unknown): string {
  if (error instanceof CertificateError || error instanceof KubeconfigError) return error.message;
  if (error instanceof Error && 'syscall' in error) return `cannot listen: ${error.message}`;
  throw error;
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Account } from './account.ts';
import type { Route } from './outcome.ts';

/** From half a millisecond to the API server's usual patience. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3];

/** What a Prometheus reads. Every label has a handful of values, none of which comes from a request. */
export class Metrics {
  readonly registry = new Registry();

  readonly #requests = new Counter({
    name: 'premortem_requests_total',
    help: 'Requests, by what became of them.',
    labelNames: ['mode', 'operation', 'kind', 'verdict'],
    registers: [this.registry],
  });

  readonly #findings = new Counter({
    name: 'premortem_findings_total',
    help: 'Findings, by what was done about them.',
    labelNames: ['rule', 'severity', 'action'],
    registers: [this.registry],
  });

  readonly #undecided = new Counter({
    name: 'premortem_undecided_total',
    help: 'Rules that could not be decided. They let pass.',
    labelNames: ['rule', 'reason'],
    registers: [this.registry],
  });

  readonly #duration = new Histogram({
    name: 'premortem_request_duration_seconds',
    help: 'From the headers of a request to its answer.',
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly #resting = new Gauge({
    name: 'premortem_rule_resting',
    help: '1 for each rule that kept failing and is not run for a minute.',
    labelNames: ['rule'],
    registers: [this.registry],
  });

  readonly #inSight = new Gauge({
    name: 'premortem_kind_in_sight',
    help: 'For each kind that rules look up: is it known (1), or not yet or no longer (0)?',
    labelNames: ['kind'],
    registers: [this.registry],
  });

  readonly #certificateExpiry = new Gauge({
    name: 'premortem_certificate_expiry_timestamp_seconds',
    help: 'When the certificate in use expires.',
    registers: [this.registry],
  });

  readonly #configurationReloaded = new Gauge({
    name: 'premortem_configuration_last_reload_successful',
    help: 'Is what the configuration file holds in use (1), or was it bad and an older version stays (0)?',
    registers: [this.registry],
  });

  readonly #bundleRepairs = new Counter({
    name: 'premortem_ca_bundle_repairs_total',
    help: 'How often somebody else had changed caBundle, and it was put right.',
    registers: [this.registry],
  });

  constructor() {
    this.configurationReloaded(true);
    collectDefaultMetrics({ register: this.registry });
  }

  count(account: Account, route: Route, seconds: number): void {
    this.#duration.observe(seconds);
    if (account.result === 'passed') {
      this.#countRequest(route, 'other', 'other', 'passed');
      return;
    }
    const { mode, operation, knownKind, findings, undecided, allowed } = account;
    this.#countRequest(mode, operation, knownKind, allowed ? 'allowed' : 'denied');
    for (const finding of findings) this.#findings.inc(finding);
    for (const one of undecided) this.#undecided.inc(one);
  }

  /** A request that got no verdict. */
  countRefused(route: Route, verdict: 'unreadable' | 'overloaded' | 'failed'): void {
    this.#countRequest(route, 'other', 'other', verdict);
  }

  /** The ids of the rules that rest at this moment. */
  rulesRest(ids: readonly string[]): void {
    this.#resting.reset();
    for (const rule of ids) this.#resting.set({ rule }, 1);
  }

  /** Of each kind that is watched. */
  kindsInSight(sights: ReadonlyMap<string, boolean>): void {
    for (const [kind, inSight] of sights) this.#inSight.set({ kind }, inSight ? 1 : 0);
  }

  certificateExpires(at: Date): void {
    this.#certificateExpiry.set(at.getTime() / 1000);
  }

  configurationReloaded(successful: boolean): void {
    this.#configurationReloaded.set(successful ? 1 : 0);
  }

  countBundleRepair(): void {
    this.#bundleRepairs.inc();
  }

  #countRequest(mode: string, operation: string, kind: string, verdict: string): void {
    this.#requests.inc({ mode, operation, kind, verdict });
  }
}

import type { Rule } from '../model/rule.ts';
import alphaApi from './alpha-api.ts';
import apiserviceBackendFragile from './apiservice-backend-fragile.ts';
import apiserviceBrokenBackend from './apiservice-broken-backend.ts';
import apiserviceInsecureTls from './apiservice-insecure-tls.ts';
import burstableControlPlane from './burstable-control-plane.ts';
import chartAppliedInPart from './chart-applied-in-part.ts';
import configmapBySubpath from './configmap-by-subpath.ts';
import corednsFragile from './coredns-fragile.ts';
import cpuLimitThrottling from './cpu-limit-throttling.ts';
import cronDaemonWithoutInit from './cron-daemon-without-init.ts';
import cronjobDeadlineMissing from './cronjob-deadline-missing.ts';
import cronjobHerd from './cronjob-herd.ts';
import cronjobNeverFires from './cronjob-never-fires.ts';
import cronjobRunsOverlap from './cronjob-runs-overlap.ts';
import cronjobTooFrequent from './cronjob-too-frequent.ts';
import daemonsetRolloutStorm from './daemonset-rollout-storm.ts';
import destructiveCommand from './destructive-command.ts';
import dns5s from './dns-5s.ts';
import dockerSock from './docker-sock.ts';
import externalIps from './external-ips.ts';
import featureNewerThanNode from './feature-newer-than-node.ts';
import fieldMisplaced from './field-misplaced.ts';
import fieldUnknown from './field-unknown.ts';
import floatingImageTag from './floating-image-tag.ts';
import gracefulShutdown from './graceful-shutdown.ts';
import heapAboveMemoryLimit from './heap-above-memory-limit.ts';
import hpaVsReplicas from './hpa-vs-replicas.ts';
import initInflatesPod from './init-inflates-pod.ts';
import interactiveWorkload from './interactive-workload.ts';
import jobBackoff from './job-backoff.ts';
import jobHistoryUnbounded from './job-history-unbounded.ts';
import keepaliveShell from './keepalive-shell.ts';
import kubectlInALoop from './kubectl-in-a-loop.ts';
import kubeletQps from './kubelet-qps.ts';
import kubeletReserved from './kubelet-reserved.ts';
import lbPortConflict from './lb-port-conflict.ts';
import limitrangeHitsInit from './limitrange-hits-init.ts';
import listWithoutWatch from './list-without-watch.ts';
import livenessDependsOnOthers from './liveness-depends-on-others.ts';
import localPv from './local-pv.ts';
import managedObjectEditedByHand from './managed-object-edited-by-hand.ts';
import massChange from './mass-change.ts';
import memoryLimitMissing from './memory-limit-missing.ts';
import memoryRequestMissing from './memory-request-missing.ts';
import namespaceDeleteUnconfirmed from './namespace-delete-unconfirmed.ts';
import namespaceInAppDir from './namespace-in-app-dir.ts';
import namespaceOptedOut from './namespace-opted-out.ts';
import namespaceOwnedByRelease from './namespace-owned-by-release.ts';
import namespaceStuckTerminating from './namespace-stuck-terminating.ts';
import ndots5 from './ndots-5.ts';
import noDnsCache from './no-dns-cache.ts';
import noPodQuota from './no-pod-quota.ts';
import nodeportExternalConfig from './nodeport-external-config.ts';
import pidLimit from './pid-limit.ts';
import privilegedNodeAgent from './privileged-node-agent.ts';
import probeExecTimeout from './probe-exec-timeout.ts';
import probeExecWithoutInit from './probe-exec-without-init.ts';
import pullAlways from './pull-always.ts';
import referenceMissing from './reference-missing.ts';
import releaseDropsData from './release-drops-data.ts';
import releaseDropsNamespace from './release-drops-namespace.ts';
import releaseHookRecreatesNamespace from './release-hook-recreates-namespace.ts';
import removedApi from './removed-api.ts';
import replicasRemoved from './replicas-removed.ts';
import resourceCliff from './resource-cliff.ts';
import resourcePolicyTypo from './resource-policy-typo.ts';
import serialImagePulls from './serial-image-pulls.ts';
import shellPid1NoExec from './shell-pid1-no-exec.ts';
import signalSidecarWithoutSharedPid from './signal-sidecar-without-shared-pid.ts';
import sleepAsSync from './sleep-as-sync.ts';
import stsOrderedStuck from './sts-ordered-stuck.ts';
import volumeBoundBeforeScheduled from './volume-bound-before-scheduled.ts';

/** Every rule there is, in the order in which findings of one severity are told. */
export const rules: readonly Rule[] = [
  namespaceDeleteUnconfirmed,
  releaseDropsNamespace,
  releaseDropsData,
  releaseHookRecreatesNamespace,
  replicasRemoved,
  fieldMisplaced,
  cronjobRunsOverlap,
  probeExecWithoutInit,
  memoryRequestMissing,
  externalIps,
  lbPortConflict,
  removedApi,
  alphaApi,
  cronjobDeadlineMissing,
  cronjobTooFrequent,
  cronjobNeverFires,
  probeExecTimeout,
  livenessDependsOnOthers,
  daemonsetRolloutStorm,
  volumeBoundBeforeScheduled,
  corednsFragile,
  gracefulShutdown,
  featureNewerThanNode,
  apiserviceBrokenBackend,
  namespaceStuckTerminating,
  limitrangeHitsInit,
  cronDaemonWithoutInit,
  hpaVsReplicas,
  resourceCliff,
  dockerSock,
  pullAlways,
  memoryLimitMissing,
  fieldUnknown,
  namespaceOptedOut,
  namespaceOwnedByRelease,
  resourcePolicyTypo,
  managedObjectEditedByHand,
  chartAppliedInPart,
  referenceMissing,
  keepaliveShell,
  interactiveWorkload,
  nodeportExternalConfig,
  shellPid1NoExec,
  sleepAsSync,
  floatingImageTag,
  destructiveCommand,
  ndots5,
  signalSidecarWithoutSharedPid,
  jobHistoryUnbounded,
  jobBackoff,
  stsOrderedStuck,
  configmapBySubpath,
  kubectlInALoop,
  listWithoutWatch,
  cpuLimitThrottling,
  heapAboveMemoryLimit,
  serialImagePulls,
  kubeletQps,
  kubeletReserved,
  pidLimit,
  burstableControlPlane,
  dns5s,
  noDnsCache,
  cronjobHerd,
  localPv,
  massChange,
  namespaceInAppDir,
  apiserviceBackendFragile,
  apiserviceInsecureTls,
  initInflatesPod,
  privilegedNodeAgent,
  noPodQuota,
];

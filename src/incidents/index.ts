import type { Incident } from '../model/incident.ts';
import { datadog200Deployments } from './datadog-200-deployments.ts';
import { datadogAddOns } from './datadog-add-ons.ts';
import { datadogCertificates } from './datadog-certificates.ts';
import { datadogContainerd } from './datadog-containerd.ts';
import { datadogNotVms } from './datadog-containers-not-vms.ts';
import { datadogCoreDns } from './datadog-coredns-crash-loop.ts';
import { datadogDaemonSet } from './datadog-daemonset-rollout.ts';
import { datadogDirectory } from './datadog-directory-deleted.ts';
import { datadogDnsTimeouts } from './datadog-dns-timeouts.ts';
import { datadogZombies } from './datadog-exec-probe-zombies.ts';
import { datadogExternalConfig } from './datadog-external-config.ts';
import { datadogImagePulls } from './datadog-image-pulls.ts';
import { datadogInitContainers } from './datadog-init-containers.ts';
import { datadogManualChanges } from './datadog-manual-changes.ts';
import { datadogNamespace } from './datadog-namespace-deleted.ts';
import { datadogNetworking } from './datadog-native-networking.ts';
import { datadogImageDrift } from './datadog-node-image-drift.ts';
import { datadogNodegroup } from './datadog-nodegroup-controller.ts';
import { datadogReplicas } from './datadog-replicas-reset.ts';
import { datadogStatefulSets } from './datadog-stateful-sets.ts';
import { datadogSystemOom } from './datadog-system-oom.ts';
import { datadogThousandNodes } from './datadog-thousand-nodes.ts';
import { flantCgroupChurn } from './flant-cgroup-churn.ts';
import { flantNodeOutOfMemory } from './flant-node-out-of-memory.ts';
import { flantPending } from './flant-pods-pending.ts';
import { flantSlowImage } from './flant-slow-image.ts';
import { flantSubPath } from './flant-subpath-mounts.ts';
import { flantSupercronic } from './flant-supercronic-zombies.ts';
import { flantSystemdMounts } from './flant-systemd-mounts.ts';
import { gliaCronJobs } from './glia-eks-cronjobs.ts';
import { zalandoShutdown } from './zalando-502-in-updates.ts';
import { zalandoUpgrade } from './zalando-cluster-upgrade.ts';
import { zalandoCoreDns } from './zalando-coredns-out-of-memory.ts';
import { zalandoThrottled } from './zalando-credentials-throttled.ts';
import { zalandoDelayedCni } from './zalando-delayed-cni.ts';
import { zalandoDnsLatency } from './zalando-dns-latency.ts';
import { zalandoEtcdctl } from './zalando-etcdctl-del.ts';
import { zalandoIam } from './zalando-iam-scaled-down.ts';
import { zalandoCronJob } from './zalando-innocent-cronjob.ts';
import { zalandoKubeletMemory } from './zalando-kubelet-out-of-memory.ts';
import { zalandoSkipper } from './zalando-skipper-out-of-memory.ts';
import { zalandoT2 } from './zalando-t2-etcd.ts';

/** Every outage that premortem has read of. */
export const incidents: readonly Incident[] = [
  datadogCoreDns,
  datadogDaemonSet,
  datadogDirectory,
  datadogInitContainers,
  datadogNamespace,
  datadogStatefulSets,
  datadogSystemOom,
  datadogZombies,
  flantCgroupChurn,
  flantNodeOutOfMemory,
  flantSupercronic,
  zalandoCoreDns,
  zalandoCronJob,
  datadogReplicas,
  zalandoIam,
  datadogContainerd,
  flantSystemdMounts,
  datadogNotVms,
  datadogImagePulls,
  datadogExternalConfig,
  zalandoDelayedCni,
  datadogImageDrift,
  zalandoEtcdctl,
  zalandoShutdown,
  gliaCronJobs,
  flantSubPath,
  datadogNodegroup,
  zalandoThrottled,
  datadogCertificates,
  datadogThousandNodes,
  datadogAddOns,
  datadogNetworking,
  zalandoSkipper,
  zalandoUpgrade,
  flantSlowImage,
  flantPending,
  zalandoKubeletMemory,
  zalandoT2,
  datadogDnsTimeouts,
  zalandoDnsLatency,
  datadog200Deployments,
  datadogManualChanges,
];

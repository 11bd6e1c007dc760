/** What becomes of the cases with a label: a rule judges them, or none does, and why. */
export type Label =
  | {
      rule: string;
      /** The cases in which rule and tool are known to differ, by the reason. */
      disagreements?: Readonly<Record<string, readonly string[]>>;
    }
  | { noRule: string };

const POSTURE = 'a security posture, which Pod Security Admission keeps; no story is of an outage by it';
const AVAILABILITY = 'it makes an outage of something else worse, and no story tells that it was one';
const ANOTHER_OBJECT = 'what refers to it waits, as it does in every first roll-out';
const API_SERVER = 'the API server refuses it by itself';
const ANOTHER_FIELD = 'the tool looks at another field than the story';

/** By the label. Each is of a case that is marked for use. */
export const labels: Readonly<Record<string, Label>> = {
  'memory-requests': {
    rule: 'memory-request-missing',
    disagreements: {
      'there is a memory limit, which Kubernetes takes as the request too': [
        'zegl+kube-score/score/testdata/deployment-test-resources.yaml: apps/v1/Deployment/deployment-test-1',
      ],
    },
  },
  'memory-limits': {
    rule: 'memory-limit-missing',
    disagreements: {
      'there is a limit; the tool minds how far it is above the request': [
        'kyverno+policies/other/enforce-resources-as-ratio/.kyverno-test/resource.yaml: v1/Pod/badpod',
        'open-policy-agent+gatekeeper-library/library/general/containerresourceratios/samples/container-must-meet-ratio/example_disallowed.yaml: v1/Pod/opa-disallowed',
        'open-policy-agent+gatekeeper-library/library/general/containerresourceratios/samples/container-must-meet-memory-and-cpu-ratio/example_disallowed.yaml: v1/Pod/opa-disallowed',
      ],
    },
  },
  'image-latest-tag': {
    rule: 'floating-image-tag',
    disagreements: {
      'the tool was configured to let these images pass': [
        'open-policy-agent+gatekeeper-library/library/general/disallowedtags/samples/container-image-must-not-have-latest-tag/example_exempt_image_w_disallowed_tag.yaml: v1/Pod/opa-exempt-allowed',
      ],
      'an ephemeral container is for looking into a pod by hand, and is started once': [
        'open-policy-agent+gatekeeper-library/library/general/disallowedtags/samples/container-image-must-not-have-latest-tag/disallowed_tag_ephemeral.yaml: v1/Pod/opa-disallowed-ephemeral',
      ],
    },
  },
  'deprecated-api': {
    rule: 'removed-api',
    disagreements: {
      'the tool was asked of an older Kubernetes, which still served it': [
        'zegl+kube-score/score/testdata/cronjob-batchv1beta1.yaml: batch/v1beta1/CronJob/cronjob-test',
        'open-policy-agent+gatekeeper-library/library/general/verifydeprecatedapi/samples/verify-1.26/example_allowed.yaml: flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema/default/allowed-flowcontrol',
      ],
    },
  },
  'docker-sock': { rule: 'docker-sock' },
  ndots: {
    rule: 'ndots-5',
    disagreements: {
      'the pod looks up no name outside of the cluster that its manifest tells of': [
        'stackrox+kube-linter/tests/checks/dnsconfig-options-ndots.yml: apps/v1/Deployment/app1',
        'stackrox+kube-linter/tests/checks/dnsconfig-options-ndots.yml: apps/v1/Deployment/app2',
        'stackrox+kube-linter/tests/checks/dnsconfig-options-ndots.yml: apps/v1/Deployment/app3',
      ],
    },
  },
  'external-ips': { rule: 'external-ips' },
  'nodeport/external-exposure': {
    rule: 'nodeport-external-config',
    disagreements: {
      'the tool forbids load balancers, which keep node ports in step, and lets node ports pass': [
        'kyverno+policies/other/restrict-loadbalancer/.kyverno-test/resource.yaml: v1/Service/my-service-1',
        'kyverno+policies/other/restrict-loadbalancer/.kyverno-test/resource.yaml: v1/Service/my-service-2',
      ],
    },
  },
  'hpa-replicas-conflict': { rule: 'hpa-vs-replicas' },
  'dangling-reference(secret/configmap)': {
    rule: 'reference-missing',
    disagreements: {
      'what is not among the files may be in the cluster': [
        'stackrox+kube-linter/tests/checks/env-var-value-from.yml: apps/v1/Deployment/should-fire-missing-configmap',
        'stackrox+kube-linter/tests/checks/env-var-value-from.yml: apps/v1/Deployment/should-fire-missing-secret',
      ],
      'what is in a Secret is not looked at': [
        'stackrox+kube-linter/tests/checks/env-var-value-from.yml: apps/v1/Deployment/should-fire-secret',
      ],
    },
  },
  'dangling-reference': { noRule: ANOTHER_OBJECT },
  'memory-requests=limits': {
    noRule: 'a request below the limit is how most clusters are filled on purpose',
  },
  'cronjob-deadline': { noRule: `${ANOTHER_FIELD}: startingDeadlineSeconds bounds the start of a run` },
  'active-deadline': { noRule: `${ANOTHER_FIELD}: the deadline of a Pod, and not of a Job` },
  'update-strategy': {
    noRule: 'the story is of DaemonSets that roll too fast, not of which strategy is named',
  },
  'cronjob-owned-jobs': { noRule: 'a policy of who may make Jobs' },
  'naked-pod': { noRule: AVAILABILITY },
  'default-namespace': { noRule: 'a convention' },
  'anti-affinity': { noRule: AVAILABILITY },
  'single-replica': { noRule: AVAILABILITY },
  'hpa-min-replicas': { noRule: AVAILABILITY },
  'hpa-min-replicas/dangling': { noRule: AVAILABILITY },
  'pdb-missing': { noRule: AVAILABILITY },
  'pdb-blocks-drain': { noRule: AVAILABILITY },
  'pdb-unhealthy-eviction': { noRule: AVAILABILITY },
  'probe-missing': { noRule: AVAILABILITY },
  'probe-missing(readiness)': { noRule: AVAILABILITY },
  'probe-identical': { noRule: AVAILABILITY },
  'probe-port-mismatch': { noRule: AVAILABILITY },
  'restart-policy': {
    noRule: 'in a workload the API server refuses it by itself; a lone Pod may be meant to run once',
  },
  'selector-mismatch': { noRule: API_SERVER },
  'duplicate-key': { noRule: 'of environment variables: the last one counts, as its author may want' },
  privileged: { noRule: POSTURE },
  'host-namespace': { noRule: POSTURE },
  'host-path': { noRule: POSTURE },
  'host-port': { noRule: POSTURE },
};

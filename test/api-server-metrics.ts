/**
 * The API server's own metrics that our alerts and pages name, with their labels (k8s.io/apiserver,
 * pkg/admission/metrics/metrics.go). The end-to-end tests hold them to a real one.
 */
export const apiServerMetrics: Readonly<Record<string, readonly string[]>> = {
  apiserver_admission_webhook_admission_duration_seconds: ['name', 'type', 'operation', 'rejected'],
  apiserver_admission_webhook_fail_open_count: ['name', 'type'],
  apiserver_admission_webhook_rejection_count: ['name', 'type', 'operation', 'error_type', 'rejection_code'],
  apiserver_admission_webhook_request_total: ['name', 'type', 'operation', 'code', 'rejected'],
};

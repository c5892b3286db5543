// For CRDs alone, what a SparkApplication and a PodMonitor may say: config/crd/bases of the one, example/prometheus-operator-crd
// of the other. Apache-2.0; fetched, not copied.
module stockpot/deploy/checks

go 1.22

require (
	github.com/kubeflow/spark-operator/v2 v2.5.1
	github.com/prometheus-operator/prometheus-operator v0.85.0
)

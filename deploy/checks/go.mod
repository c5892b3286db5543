// For its file config/crd/bases alone: what a SparkApplication may say. Apache-2.0; fetched, not copied.
module stockpot/deploy/checks

go 1.22

require github.com/kubeflow/spark-operator/v2 v2.5.1

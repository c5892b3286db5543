# Sourced by the checks that may start MinIO, behind spark.sh.
minio_version=v0.0.0-20260212201848-7aac2a2c5b7c
minio=$jars/minio-$minio_version/minio

# From its Go module: takes Go and, the first time, ten minutes
build_minio() {
  [ ! -x "$minio" ] || return 0
  echo "Building MinIO $minio_version ..." >&2
  GOBIN=$(dirname "$minio") go install "github.com/minio/minio@$minio_version" >&2
}

# minio_server FOLDER ADDRESS LOG [OPTION...]: a server on this machine in the background ($!), for the keys of the
# environment
minio_server() {
  MINIO_ROOT_USER=$AWS_ACCESS_KEY_ID MINIO_ROOT_PASSWORD=$AWS_SECRET_ACCESS_KEY \
    "$minio" server "$1" --address "$2" "${@:4}" >"$3" 2>&1 &
}

#!/usr/bin/env bash
# Tries what docs/s3.md says, word by word, on an S3 server of this machine: who one is (keys in the environment, a
# profile, single sign-on, a public bucket), endpoints, path style, TLS with a trust store, one bucket at another address,
# and the messages in its table. A merge goes from S3 to S3 and is read back.
#
#   S3_SERVER   s3proxy (default); minio: built from its Go module, for which it takes Go and, the first time, ten minutes
#   STOCKPOT    which ./stockpot; the one of this checkout (default)
#   KEEP        a folder to leave logs and results in
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
server=${S3_SERVER:-s3proxy}
stockpot=${STOCKPOT:-$root/stockpot}
. "$root/checks/cluster/setup/spark.sh"
. "$root/checks/cluster/setup/minio.sh"
if [ "$server" = minio ]; then build_minio; else fetch s3 "$jars/s3"; fi
environment=$here/.venv/s3
if [ ! -e "$environment/complete" ]; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off boto3==1.43.11 >&2
  touch "$environment/complete"
fi
. "$root/checks/cluster/setup/work.sh"
. "$root/checks/cluster/setup/s3proxy.sh"
keytool=${java%java}keytool

# --- Servers: one with TLS, one without, each with the models; and one of single sign-on ---

export AWS_ACCESS_KEY_ID=known-key AWS_SECRET_ACCESS_KEY=secret-$RANDOM$RANDOM
plain=$(port) secure=$(port) sso=$(port)
mkdir -p objects objects-tls certificates home/.aws/sso/cache
"$keytool" -genkeypair -alias s3 -keyalg RSA -validity 9 -dname CN=check -ext SAN=ip:127.0.0.1,dns:localhost \
  -storetype PKCS12 -keystore key.p12 -storepass changeit 2>logs/keytool
"$keytool" -exportcert -rfc -alias s3 -keystore key.p12 -storepass changeit >certificates/public.crt 2>>logs/keytool
"$keytool" -importcert -noprompt -alias s3 -file certificates/public.crt -storetype PKCS12 -keystore trust.p12 \
  -storepass changeit 2>>logs/keytool
if [ "$server" = minio ]; then
  openssl pkcs12 -in key.p12 -nocerts -nodes -passin pass:changeit >certificates/private.key 2>>logs/keytool
  minio_server objects "127.0.0.1:$plain" logs/s3 --certs-dir none
  started+=($!)
  minio_server objects-tls "127.0.0.1:$secure" logs/s3-tls --certs-dir certificates
else
  s3proxy "$work/objects" s3proxy.endpoint="http://127.0.0.1:$plain" \
    s3proxy.secure-endpoint="https://127.0.0.1:$secure" s3proxy.keystore-path="$work/key.p12" \
    s3proxy.keystore-password=changeit s3proxy.ignore-unknown-headers=true
fi
started+=($!)
wait_for "the S3 server" curl -s "http://127.0.0.1:$plain/"
wait_for "the S3 server's TLS" curl -sk "https://127.0.0.1:$secure/"
objects() { # endpoint, words of objects.py
  AWS_CA_BUNDLE=$work/certificates/public.crt "$environment/bin/python" "$here/setup/objects.py" "$@"
}
# by the servers, and not on their disks, where objects have no entity tags
for endpoint in "http://127.0.0.1:$plain" "https://127.0.0.1:$secure"; do
  objects "$endpoint" put inputs models in
done
session=("$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" token-of-the-session) # servers without sessions look at no token
[ "$server" != minio ] || read -r -a session < <(objects "http://127.0.0.1:$plain" session)
python3 "$here/setup/sign_on.py" "$sso" home "${session[@]}" >logs/sso 2>&1 &
started+=($!)
wait_for "single sign-on" curl -s "http://127.0.0.1:$sso/"

cat >home/.aws/credentials <<END
[lab]
aws_access_key_id = $AWS_ACCESS_KEY_ID
aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
[wrong]
aws_access_key_id = nobody
aws_secret_access_key = nothing
[mistyped]
aws_access_key_id = $AWS_ACCESS_KEY_ID
aws_secret_access_key = nothing
END
cat >home/.aws/config <<END
[profile team]
sso_start_url = http://127.0.0.1:$sso/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = merger
region = us-east-1
END

option() {
  printf -- '-Dspark.hadoop.fs.s3a.%s ' "$@"
}
at_plain=$(option "endpoint=http://127.0.0.1:$plain" path.style.access=true endpoint.region=us-east-1)
at_secure=$(option "endpoint=https://127.0.0.1:$secure" path.style.access=true endpoint.region=us-east-1)
trust="-Djavax.net.ssl.trustStore=$work/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit"
keys=("AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY")

# as OPTIONS VARIABLE=… -- WORDS: Stockpot of somebody who has these variables, and a home folder of this check
as() {
  local options=$1 variables=()
  shift
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  shift
  env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_PROFILE AWS_EC2_METADATA_DISABLED=true HOME="$work/home" \
    "STOCKPOT_JAVA_OPTS=-Duser.home=$work/home $options" ${variables[@]+"${variables[@]}"} "$stockpot" "$@" </dev/null
}
tries=0
works() { # what, and the words of `as`
  as "${@:2}" >said 2>&1 || {
    cat said >&2
    fail "$1"
  }
  tries=$((tries + 1))
  echo "  works: $1"
}
says() { # what the page says it says, and the words of `as`
  if as "${@:2}" >said 2>&1; then fail "this should be refused: $1"; fi
  grep -qiE -- "$1" said || {
    cat said >&2
    fail "it does not say: $1"
  }
  if grep -qE '^[[:space:]]+at [a-z]+\.|Exception in thread' said; then fail "a trace reached the user: $(cat said)"; fi
  if grep -qF "$AWS_SECRET_ACCESS_KEY" said; then fail "the secret is told"; fi
  tries=$((tries + 1))
  echo "  says: $1"
}

echo "Who one is:"
model=s3a://models/in/base
works "keys in the environment" "$at_plain" "${keys[@]}" -- inspect "$model"
works "a profile" "$at_plain" AWS_PROFILE=lab -- inspect "$model"
works "single sign-on" "$at_plain" AWS_PROFILE=team "AWS_ENDPOINT_URL_SSO=http://127.0.0.1:$sso" -- inspect "$model"
grep -q "GET /federation/credentials" logs/sso || fail "nobody asked for the credentials of single sign-on"

echo "Where it is:"
works "TLS, with a trust store" "$at_secure $trust" "${keys[@]}" -- inspect "$model"
works "one bucket at another address" "$(option "endpoint=http://127.0.0.1:9" path.style.access=true \
  endpoint.region=us-east-1 "bucket.models.endpoint=http://127.0.0.1:$plain")" "${keys[@]}" -- inspect "$model"
works "any name for a region" "$(option "endpoint=http://127.0.0.1:$plain" path.style.access=true \
  endpoint.region=default)" "${keys[@]}" -- inspect "$model"
works "a merge from S3 to S3" "$at_secure $trust" "${keys[@]}" -- merge s3a://models/in/ties.yml s3a://models/out \
  --set model-root=s3a://models/in --seed 7
works "its verification" "$at_secure $trust" "${keys[@]}" -- verify s3a://models/out
"$stockpot" merge inputs/ties.yml here --set model-root=inputs --seed 7 --quiet
objects "https://127.0.0.1:$secure" get models out/model.safetensors there.safetensors
cmp here/model.safetensors there.safetensors || fail "the merge is not that of this machine"

echo "What goes wrong:"
says "Write s3a:// instead" "$at_plain" "${keys[@]}" -- inspect s3://models/in/base
says "access is denied|InvalidAccessKeyId|403" "$at_plain" AWS_PROFILE=wrong -- inspect "$model"
says "access is denied|SignatureDoesNotMatch|403" "$at_plain" AWS_PROFILE=mistyped -- inspect "$model"
says "no such bucket|does not exist|404" "$at_plain" "${keys[@]}" -- inspect s3a://nowhere/in/base
says "nobody answers" "$(option endpoint=http://127.0.0.1:9 path.style.access=true)" "${keys[@]}" -- inspect "$model"
says "PKIX path building failed" "$at_secure" "${keys[@]}" -- inspect "$model"
says "credentials" "$at_plain" -- inspect "$model"
says "holds a user or a key in front of its name" "$at_plain" "${keys[@]}" -- inspect "s3a://key:password@models/in/base"
says "its name is not known" "$(option "endpoint=http://localhost.invalid:$plain" \
  endpoint.region=us-east-1)" "${keys[@]}" -- inspect "$model"
says "Unsupported or unrecognized SSL message" "$(option "endpoint=https://127.0.0.1:$plain" path.style.access=true \
  endpoint.region=us-east-1)" "${keys[@]}" -- inspect "$model"

echo "A public bucket:"
public=$plain
if [ "$server" = s3proxy ]; then # knows a public server, and no public bucket
  public=$(port)
  sed "s|^s3proxy.endpoint=.*|s3proxy.endpoint=http://127.0.0.1:$public|; /secure\|keystore\|identity\|credential/d
    s|^s3proxy.authorization=.*|s3proxy.authorization=none|" s3proxy.properties >public.properties
  "$java" -Xmx256m -Dlogback.configurationFile=logback.xml -cp "$jars/s3/*" org.gaul.s3proxy.Main \
    --properties public.properties >logs/s3-public 2>&1 &
  started+=($!)
  wait_for "the public server" curl -s "http://127.0.0.1:$public/"
else
  objects "http://127.0.0.1:$plain" publish models
fi
works "without any key" "$(option "endpoint=http://127.0.0.1:$public" path.style.access=true endpoint.region=us-east-1 \
  aws.credentials.provider=org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider)" -- inspect "$model"
echo "Passed: $tries tries of docs/s3.md on $server"

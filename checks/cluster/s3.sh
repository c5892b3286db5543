#!/usr/bin/env bash
# Tries what docs/s3.md says, word by word, on an S3 server of this machine: who one is (keys in the environment, a
# profile, single sign-on, a public bucket), endpoints, path style, TLS with a trust store, one bucket at another address,
# and the messages in its table. A merge goes from S3 to S3 and is read back.
#
#   S3_SERVER   s3proxy (default); versitygw: built from its Go module, for which it takes Go
#   STOCKPOT    which ./stockpot; the one of this checkout (default)
#   KEEP        a folder to leave logs and results in
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
server=${S3_SERVER:-s3proxy}
stockpot=${STOCKPOT:-$root/stockpot}
versitygw=v1.8.0
. "$root/checks/cluster/setup/spark.sh"
if [ "$server" = versitygw ]; then
  [ -x "$jars/versitygw-$versitygw/versitygw" ] ||
    GOBIN=$jars/versitygw-$versitygw go install "github.com/versity/versitygw/cmd/versitygw@$versitygw" >&2
else
  fetch s3 "$jars/s3"
fi
. "$root/checks/cluster/setup/work.sh"
. "$root/checks/cluster/setup/s3proxy.sh"
keytool=${java%java}keytool

# --- Servers: one with TLS, one without, of the same objects; and one of single sign-on ---

export AWS_ACCESS_KEY_ID=known-key AWS_SECRET_ACCESS_KEY=secret-$RANDOM$RANDOM
plain=$(port) secure=$(port) sso=$(port)
mkdir -p objects/models certificates home/.aws/sso/cache
cp -r inputs objects/models/in
"$keytool" -genkeypair -alias s3 -keyalg RSA -validity 9 -dname CN=check -ext SAN=ip:127.0.0.1,dns:localhost \
  -storetype PKCS12 -keystore key.p12 -storepass changeit 2>logs/keytool
"$keytool" -exportcert -rfc -alias s3 -keystore key.p12 -storepass changeit >certificates/public.crt 2>>logs/keytool
"$keytool" -importcert -noprompt -alias s3 -file certificates/public.crt -storetype PKCS12 -keystore trust.p12 \
  -storepass changeit 2>>logs/keytool
if [ "$server" = versitygw ]; then
  openssl pkcs12 -in key.p12 -nocerts -nodes -passin pass:changeit >certificates/private.key 2>>logs/keytool
  ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
    "$jars/versitygw-$versitygw/versitygw" --port "127.0.0.1:$plain" posix objects >logs/s3 2>&1 &
  started+=($!)
  ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
    "$jars/versitygw-$versitygw/versitygw" --port "127.0.0.1:$secure" --cert certificates/public.crt \
    --key certificates/private.key posix objects >logs/s3-tls 2>&1 &
  started+=($!)
else
  s3proxy "$work/objects" s3proxy.endpoint="http://127.0.0.1:$plain" \
    s3proxy.secure-endpoint="https://127.0.0.1:$secure" s3proxy.keystore-path="$work/key.p12" \
    s3proxy.keystore-password=changeit
  started+=($!)
fi
python3 "$here/setup/sign_on.py" "$sso" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" home >logs/sso 2>&1 &
started+=($!)
wait_for "the S3 server" curl -s "http://127.0.0.1:$plain/"
wait_for "the S3 server's TLS" curl -sk "https://127.0.0.1:$secure/"
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
works "s3:// means the same" "$at_plain" "${keys[@]}" -- inspect s3://models/in/base
works "a profile" "$at_plain" AWS_PROFILE=lab -- inspect "$model"
works "single sign-on" "$at_plain" AWS_PROFILE=team "AWS_ENDPOINT_URL_SSO=http://127.0.0.1:$sso" -- inspect "$model"
grep -q "GET /federation/credentials" logs/sso || fail "nobody asked for the credentials of single sign-on"

echo "Where it is:"
works "TLS, with a trust store" "$at_secure $trust" "${keys[@]}" -- inspect "$model"
works "one bucket at another address" "$(option "endpoint=http://127.0.0.1:9" path.style.access=true \
  endpoint.region=us-east-1 "bucket.models.endpoint=http://127.0.0.1:$plain")" "${keys[@]}" -- inspect "$model"
works "any name for a region" "$(option "endpoint=http://127.0.0.1:$plain" path.style.access=true \
  endpoint.region=$([ "$server" = versitygw ] && echo us-east-1 || echo default))" "${keys[@]}" -- inspect "$model"
works "a merge from S3 to S3" "$at_secure $trust" "${keys[@]}" -- merge s3a://models/in/ties.yml s3a://models/out \
  --set model-root=s3a://models/in --seed 7
works "its verification" "$at_plain" "${keys[@]}" -- verify s3a://models/out
"$stockpot" merge inputs/ties.yml here --set model-root=inputs --seed 7 --quiet
cmp here/model.safetensors objects/models/out/model.safetensors || fail "the merge is not that of this machine"

echo "What goes wrong:"
says "access is denied|InvalidAccessKeyId|403" "$at_plain" AWS_PROFILE=wrong -- inspect "$model"
says "access is denied|SignatureDoesNotMatch|403" "$at_plain" AWS_PROFILE=mistyped -- inspect "$model"
says "no such bucket|does not exist|404" "$at_plain" "${keys[@]}" -- inspect s3a://nowhere/in/base
says "nobody answers" "$(option endpoint=http://127.0.0.1:9 path.style.access=true)" "${keys[@]}" -- inspect "$model"
says "PKIX path building failed" "$at_secure" "${keys[@]}" -- inspect "$model"
says "credentials" "$at_plain" -- inspect "$model"
says "secret|password|keys? .*location|credentials" "$at_plain" "${keys[@]}" -- inspect "s3a://key:password@models/in/base"
says "UnknownHost|not known|no such host|cannot be resolved|resolve" "$(option "endpoint=http://localhost.invalid:$plain" \
  endpoint.region=us-east-1)" "${keys[@]}" -- inspect "$model"
says "TLS|SSL|plaintext|protocol" "$(option "endpoint=https://127.0.0.1:$plain" path.style.access=true \
  endpoint.region=us-east-1)" "${keys[@]}" -- inspect "$model"

echo "A public bucket:"
if [ "$server" = s3proxy ]; then
  public=$(port)
  sed "s|^s3proxy.endpoint=.*|s3proxy.endpoint=http://127.0.0.1:$public|; /secure\|keystore\|identity\|credential/d
    s|^s3proxy.authorization=.*|s3proxy.authorization=none|" s3proxy.properties >public.properties
  "$java" -Xmx256m -Dlogback.configurationFile=logback.xml -cp "$jars/s3/*" org.gaul.s3proxy.Main \
    --properties public.properties >logs/s3-public 2>&1 &
  started+=($!)
  wait_for "the public server" curl -s "http://127.0.0.1:$public/"
  works "without any key" "$(option "endpoint=http://127.0.0.1:$public" path.style.access=true endpoint.region=us-east-1 \
    aws.credentials.provider=org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider)" -- inspect "$model"
else
  echo "  not tried on $server"
fi
echo "Passed: $tries tries of docs/s3.md on $server"

# Sourced by the checks that start an S3 server.

# s3proxy FOLDER PROPERTY...: a server on this machine in the background ($!), its buckets in FOLDER, for the keys of the
# environment, with such properties as its endpoint. It writes to logs/s3.
s3proxy() {
  local folder=$1
  shift
  {
    printf '%s\n' "$@"
    cat <<END
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=$AWS_ACCESS_KEY_ID
s3proxy.credential=$AWS_SECRET_ACCESS_KEY
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=$folder
END
  } >s3proxy.properties
  echo '<configuration><root level="WARN"/></configuration>' >logback.xml
  "$java" -Xmx512m -Dlogback.configurationFile=logback.xml -cp "$jars/s3/*" org.gaul.s3proxy.Main \
    --properties s3proxy.properties >logs/s3 2>&1 &
}

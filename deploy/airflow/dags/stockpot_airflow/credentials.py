"""What Stockpot is told of the connection to object storage: it looks where the AWS SDK does, and for the rest into its
options."""

import os

from stockpot_airflow import storage


def environment():
    """Variables for a command; none without a connection, so that it finds credentials by itself."""
    if not storage.CONNECTION:
        return {}
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    hook = S3Hook(aws_conn_id=storage.CONNECTION)
    keys = hook.get_credentials(region_name=hook.region_name)
    found = {"AWS_ACCESS_KEY_ID": keys.access_key, "AWS_SECRET_ACCESS_KEY": keys.secret_key}
    if keys.token:
        found["AWS_SESSION_TOKEN"] = keys.token
    options = []
    if hook.region_name:
        found["AWS_REGION"] = hook.region_name
        options.append(f"endpoint.region={hook.region_name}")
    endpoint = hook.conn_config.get_service_endpoint_url(service_name="s3")
    if endpoint:
        options.append(f"endpoint={endpoint}")
    s3 = hook.conn_config.extra_config.get("config_kwargs", {}).get("s3", {})
    if s3.get("addressing_style") == "path":
        options.append("path.style.access=true")
    if options:
        before = os.environ.get("STOCKPOT_JAVA_OPTS", "")
        found["STOCKPOT_JAVA_OPTS"] = " ".join([before, *(f"-Dspark.hadoop.fs.s3a.{it}" for it in options)]).strip()
    return found

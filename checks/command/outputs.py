"""Where the outputs of a check lie: in a folder of this machine, or on the S3 server of the environment."""

import os
import shutil
from pathlib import Path


class Outputs:
    """What lies under the folder of the outputs: here, or on S3."""

    def __init__(self, place):
        self.place = place
        self.remote = place.startswith("s3a://")

    def remove(self, output):
        """All that lies there of an output."""
        if not self.remote:
            shutil.rmtree(Path(self.place) / output)
            return
        import boto3

        bucket, _, prefix = self.place[len("s3a://") :].partition("/")
        client = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/{output}/"):
            for entry in page.get("Contents", []):
                client.delete_object(Bucket=bucket, Key=entry["Key"])

    def files(self):
        """What each of them holds, by its name below the place."""
        if not self.remote:
            return {str(p.relative_to(self.place)): p.read_bytes() for p in Path(self.place).rglob("*") if p.is_file()}
        import boto3

        bucket, _, prefix = self.place[len("s3a://") :].partition("/")
        client = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
        found = {}
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix + "/"):
            for entry in page.get("Contents", []):
                name = entry["Key"][len(prefix) + 1 :]
                if not name.endswith("/"):
                    found[name] = client.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
        return found

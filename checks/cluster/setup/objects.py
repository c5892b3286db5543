"""Objects of an S3 server, by boto3 and the keys of the environment:

    objects.py ENDPOINT put FOLDER BUCKET PREFIX    makes the bucket if need be, and lays the folder's files there
    objects.py ENDPOINT get BUCKET KEY FILE
    objects.py ENDPOINT publish BUCKET              lets everybody list and read it
    objects.py ENDPOINT session                     prints key, secret and token of a session, for who may list and read
"""

import json
import sys
from pathlib import Path

import boto3
from botocore.config import Config

endpoint, action, *words = sys.argv[1:]
s3 = boto3.client(
    "s3", endpoint_url=endpoint, region_name="us-east-1", config=Config(s3={"addressing_style": "path"})
)


def put(folder, bucket, prefix):
    if bucket not in {known["Name"] for known in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket)
    for file in sorted(Path(folder).rglob("*")):
        if file.is_file():
            s3.upload_file(str(file), bucket, f"{prefix}/{file.relative_to(folder).as_posix()}")


def get(bucket, key, file):
    s3.download_file(bucket, key, file)


def publish(bucket):
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": ["*"]},
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}))


def session():
    tokens = boto3.client("sts", endpoint_url=endpoint, region_name="us-east-1")
    found = tokens.assume_role(RoleArn="arn:aws:iam::123456789012:role/merger", RoleSessionName="check")["Credentials"]
    print(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


{"put": put, "get": get, "publish": publish, "session": session}[action](*words)

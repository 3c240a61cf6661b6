"""Makes the calls that standard input asks for, one JSON object a line, and prints what boto3 makes of each answer."""

import json
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

clients = {}


def client_of(account, region):
    """Everything but Region and account comes from the environment."""
    if (account, region) not in clients:
        clients[account, region] = boto3.client(
            "datasync", region_name=region, aws_access_key_id=account, aws_secret_access_key="test"
        )
    return clients[account, region]


def answer(client, operation, input, items=None, pageSize=None):
    if items is None:
        output = getattr(client, xform_name(operation))(**input)
        del output["ResponseMetadata"]
        return output
    pages = client.get_paginator(xform_name(operation)).paginate(PaginationConfig={"PageSize": pageSize})
    return [item for page in pages for item in page[items]]


for line in sys.stdin:
    call = json.loads(line)
    scope = call.pop("scope")
    client = client_of(**scope)
    try:
        result = {"output": answer(client, **call)}
    except client.exceptions.InvalidRequestException as error:  # the class that the service's model names
        result = {"error": {"type": type(error).__name__, "message": error.response["Error"]["Message"]}}
    except ClientError as error:
        result = {"error": {"type": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}}
    print(json.dumps(result, default=lambda value: value.isoformat()), flush=True)

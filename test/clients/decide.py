"""Lets botocore decide who one is in the environment at hand, and signs one request with it. The request's signature is the answer."""

import botocore
import botocore.session

session = botocore.session.Session()
print(f"botocore {botocore.__version__}", flush=True)
session.create_client("sts", region_name="us-east-1").get_caller_identity()

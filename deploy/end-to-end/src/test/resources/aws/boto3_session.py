"""What a test suite does with boto3; ends with an error if anything is not as it should be."""
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, account, image = sys.argv[1:4]
ec2 = boto3.client(
    "ec2", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=account, aws_secret_access_key="secret"
)


def refused(code, call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{code} was expected")


# A waiter polls until the instance runs.
launched = ec2.run_instances(ImageId=image, InstanceType="t2.micro", MinCount=2, MaxCount=2)
ids = [instance["InstanceId"] for instance in launched["Instances"]]
ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 60})

# Pages, each with one reservation or more, until there are no more.
seen = [
    instance["InstanceId"]
    for page in ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5})
    for reservation in page["Reservations"]
    for instance in reservation["Instances"]
]
assert sorted(seen) == sorted(ids), seen

# Resources, boto3's own objects.
resource = boto3.resource(
    "ec2", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=account, aws_secret_access_key="secret"
)
instance = resource.Instance(ids[0])
instance.create_tags(Tags=[{"Key": "Name", "Value": "one"}])
instance.reload()
assert instance.tags == [{"Key": "Name", "Value": "one"}], instance.tags
assert instance.vpc.is_default
assert [group.group_name for group in instance.vpc.security_groups.all()] == ["default"]

# Told apart from what isn't there.
refused("InvalidInstanceID.NotFound", ec2.describe_instances, InstanceIds=["i-00000000000000000"])
refused("InvalidAMIID.NotFound", ec2.run_instances, ImageId="ami-00000000", MinCount=1, MaxCount=1, InstanceType="t2.micro")
refused("DryRunOperation", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1, InstanceType="t2.micro", DryRun=True)

ec2.terminate_instances(InstanceIds=ids)
ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 60})

"""A local AWS API for as long as its standard input is open.

Prints its port first. Each line of input is the name of an image that Debian publishes from then on.
"""

import json
import logging
import os
import sys
import tempfile
from datetime import datetime

DEBIAN = "136693071363"


def image(name: str, number: int) -> dict:
    return {
        "ami_id": f"ami-{number:017x}",
        "owner_id": DEBIAN,
        "name": name,
        "description": name,
        "architecture": "arm64",
        "state": "available",
        "public": True,
        "image_type": "machine",
        "image_location": f"{DEBIAN}/{name}",
        "root_device_type": "ebs",
        "root_device_name": "/dev/xvda",
        "virtualization_type": "hvm",
        "hypervisor": "xen",
        "platform": None,
        "sriov": "simple",
        "creation_date": f"2026-{number:02d}-01T00:00:00.000Z",
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "images.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump([image("debian-13-arm64-20260101-1", 1)], file)
        os.environ["MOTO_AMIS_PATH"] = path
        os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "true"
        os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        serve()


def serve() -> None:
    from moto.ec2.models import ec2_backends
    from moto.ec2.models.amis import Ami
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    for number, line in enumerate(sys.stdin, 2):
        fields = image(line.strip(), number)
        fields["creation_date"] = datetime(2026, number, 1)
        for account in ec2_backends.values():
            for region in account.values():
                made = Ami(region, **fields)
                region.amis[made.id] = made
        print(fields["ami_id"], flush=True)
    server.stop()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Write the emulator's model of the DataSync API from botocore's service model.

Takes botocore from the Python that runs it, keeps what validation needs (members, required, enums, lengths, patterns),
and leaves the documentation texts out. One line per shape, so that a newer botocore shows as a readable diff.

    pip install --require-hashes --requirement test/emulator/clients/requirements.txt
    python tools/generate-api-model.py            # write
    python tools/generate-api-model.py --check    # fail when the file is out of date
"""

import json
import sys
from pathlib import Path

import botocore
import botocore.loaders

TARGET = Path(__file__).resolve().parent.parent / "emulator" / "model" / "api.generated.json"
CONSTRAINTS = ("enum", "min", "max", "pattern", "sensitive")

# Secrets that the service's model does not mark as such.
SECRETS = ("KerberosKeytabFile", "KerberosKrb5ConfFile")


def compact(name, shape):
    """The part of a shape that says what a value may be."""
    result = {"type": shape["type"]}
    if shape["type"] == "structure":
        if shape.get("required"):
            result["required"] = shape["required"]
        result["members"] = {name: member["shape"] for name, member in shape["members"].items()}
    if shape["type"] == "list":
        result["member"] = shape["member"]["shape"]
    result.update({key: shape[key] for key in CONSTRAINTS if key in shape})
    if name in SECRETS:
        result["sensitive"] = True
    return result


def reachable(model):
    """Names of the shapes that an operation's input, output or error leads to."""
    pending = []
    for operation in model["operations"].values():
        pending += [operation[side]["shape"] for side in ("input", "output")]
        pending += [error["shape"] for error in operation["errors"]]
    found = set()
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        shape = model["shapes"][name]
        pending += [member["shape"] for member in shape.get("members", {}).values()]
        if "member" in shape:
            pending.append(shape["member"]["shape"])
    return sorted(found)


def block(entries):
    lines = [f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in entries]
    return "{\n" + ",\n".join(lines) + "\n  }"


def render(model):
    operations = [
        (name, {side: operation[side]["shape"] for side in ("input", "output")})
        for name, operation in sorted(model["operations"].items())
    ]
    shapes = [(name, compact(name, model["shapes"][name])) for name in reachable(model)]
    metadata = model["metadata"]
    return (
        "{\n"
        f'  "source": "botocore {botocore.__version__} (Apache-2.0), {metadata["uid"]}",\n'
        f'  "targetPrefix": {json.dumps(metadata["targetPrefix"])},\n'
        f'  "operations": {block(operations)},\n'
        f'  "shapes": {block(shapes)}\n'
        "}\n"
    )


def main():
    text = render(botocore.loaders.Loader().load_service_model("datasync", "service-2", "2018-11-09"))
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            sys.exit(f"{TARGET.name} does not match botocore {botocore.__version__}: run {Path(__file__).name} and commit the result")
    else:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

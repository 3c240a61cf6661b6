"""Prints what the code in the docstrings of the installed package still has of TypeScript. Examples are not looked at: jsii turns them for a release."""

import ast
import inspect
import json
import re

import cdk_datasync

tree = ast.parse(inspect.getsource(cdk_datasync))
left = []
for node in ast.walk(tree):
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)) or node is tree.body[0]:
        continue
    docstring = inspect.cleandoc(node.value.value)
    for code in re.findall(r"``([^`]+)``", docstring):
        if re.search(r"(?<![\w/:])[a-z][a-z0-9]*[A-Z][a-z]|\bnew [A-Z]|^(true|false|undefined)$|\{ \w+: ", code):
            left.append(code)

print(json.dumps(sorted(set(left))))

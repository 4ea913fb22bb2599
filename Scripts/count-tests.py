"""Counts the tests that ran, by target, and exits 1 when one of the targets ran none or any test failed.

usage: count-tests.py RESULTS.xml… TARGET…     RESULTS.xml is what `swift test --xunit-output` writes
"""

import collections
import sys
import xml.etree.ElementTree

results = [argument for argument in sys.argv[1:] if argument.endswith(".xml")]
targets = [argument for argument in sys.argv[1:] if not argument.endswith(".xml")]
outcomes = {target: collections.Counter() for target in targets}
for file in results:
    try:
        cases = list(xml.etree.ElementTree.parse(file).iter("testcase"))
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        sys.exit(f"error: {file} holds no results ({error}): the tests did not run, or did not come to their end")
    for case in cases:
        target = case.get("classname").split(".")[0]
        outcome = "failed" if case.find("failure") is not None else "skipped" if case.find("skipped") is not None else "passed"
        outcomes.setdefault(target, collections.Counter())[outcome] += 1

total = sum(outcomes.values(), collections.Counter())
for target, counts in sorted(outcomes.items()):
    print(f"{target:24}", ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped") if counts[outcome]))
print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")

idle = [target for target in targets if not outcomes[target]["passed"] + outcomes[target]["failed"]]
if idle:
    sys.exit(f"error: no test ran in {', '.join(idle)}")
if total["failed"]:
    sys.exit(1)

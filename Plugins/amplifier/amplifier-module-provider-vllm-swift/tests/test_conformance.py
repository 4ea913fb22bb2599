"""The tests that amplifier-core brings for providers, on the adapter with its shared library."""

import pytest
from amplifier_core.validation.behavioral import ProviderBehaviorTests
from amplifier_core.validation.structural import ProviderStructuralTests

pytestmark = pytest.mark.usefixtures("_no_server")


class TestBehavior(ProviderBehaviorTests):
    pass


class TestStructure(ProviderStructuralTests):
    pass
